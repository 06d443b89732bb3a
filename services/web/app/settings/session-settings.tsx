import { useQuery, useQueryClient } from '@tanstack/react-query';
import { MonitorSmartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../api/answers.ts';
import { useParts } from '../api/parts.ts';
import { formatRelative } from '../format/dates.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { Pill, Skeleton } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { deviceName } from './device-name.ts';
import { SettingsSection } from './settings-section.tsx';

/** A session leaves the list at once and comes back when it could not be ended. */
function useEndSession() {
  const { api, queries } = useParts();
  const queryClient = useQueryClient();
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { queryKey } = queries.sessions();
  return async ({ id }: SessionView): Promise<void> => {
    const before = queryClient.getQueryData(queryKey);
    queryClient.setQueryData(queryKey, (all = []) => all.filter((one) => one.id !== id));
    try {
      await api.call('DELETE /v1/me/sessions/{id}', { path: { id } });
      showToast({ tone: 'ok', title: t('sessions.ended') });
    } catch (error) {
      queryClient.setQueryData(queryKey, before);
      showToast({ tone: 'danger', title: t('settings.notChanged'), text: problemText(error) });
    }
  };
}

export function SessionSettings() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { queries } = useParts();
  const { data: sessions } = useQuery(queries.sessions());
  const end = useEndSession();
  return (
    <SettingsSection title={t('sessions.title')} text={t('sessions.text')}>
      {sessions === undefined && <Skeleton className="h-16" />}
      <ul className="grid gap-2">
        {sessions?.map((session) => (
          <li
            key={session.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control bg-sunken p-4"
          >
            <MonitorSmartphone className="size-5 shrink-0 text-muted" aria-hidden />
            <div className="min-w-40 flex-1 text-sm">
              <p className="font-semibold">
                {session.application ?? deviceName(session.userAgent) ?? t('sessions.unknown')}
              </p>
              <p className="text-muted">
                {[session.address, formatRelative(session.lastUsedAt, locale)]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
            {session.current ? (
              <Pill tone="brand">{t('sessions.current')}</Pill>
            ) : (
              <Button look="secondary" size="small" onClick={() => void end(session)}>
                {t('sessions.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </SettingsSection>
  );
}
