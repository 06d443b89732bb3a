import { onlineManager } from '@tanstack/react-query';
import { WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { joinClasses } from '../ui/join-classes.ts';

const subscribe = (listener: () => void): (() => void) => onlineManager.subscribe(listener);

/** Says that the connection is gone for as long as it is; everything resumes by itself. */
export function OfflineNotice() {
  const { t } = useTranslation();
  const online = useSyncExternalStore(subscribe, () => onlineManager.isOnline());
  return (
    <div role="status" className="sticky top-0 z-30">
      {!online && (
        <p
          className={joinClasses(
            'flex items-center justify-center gap-2 bg-warn-soft px-4 py-2 text-sm',
            'font-medium text-warn',
          )}
        >
          <WifiOff className="size-4 shrink-0" aria-hidden />
          {t('offline')}
        </p>
      )}
    </div>
  );
}
