import type { MessageKind } from '@florin/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Switch } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { Skeleton } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { SettingsSection } from './settings-section.tsx';
import { joinClasses } from '../ui/join-classes.ts';

const KINDS = [
  'money-received',
  'payment-sent',
  'payment-failed',
  'payment-under-review',
  'deposit-completed',
  'withdrawal-completed',
  'wallet-status-changed',
  'reward-paid',
  'reward-taken-back',
  'balance-below',
  'balance-above',
  'payment-request-received',
  'payment-request-accepted',
  'payment-request-declined',
  'payment-request-cancelled',
  'payment-request-expired',
  'scheduled-transfer-failed',
  'bulk-file-finished',
] as const satisfies MessageKind[];

/** A switch moves at once and goes back when it could not be kept. */
function useMute() {
  const { api, queries } = useParts();
  const queryClient = useQueryClient();
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { queryKey } = queries.mutedNotifications();
  return async (kind: MessageKind, wanted: boolean): Promise<void> => {
    const before = queryClient.getQueryData(queryKey) ?? [];
    const others = before.filter((one) => one !== kind);
    const muted = wanted ? others : [...others, kind];
    queryClient.setQueryData(queryKey, muted);
    try {
      await api.call('PUT', '/v1/notifications/preferences', { body: { muted } });
    } catch (error) {
      queryClient.setQueryData(queryKey, before);
      showToast({ tone: 'danger', title: t('settings.notChanged'), text: problemText(error) });
    }
  };
}

export function NotificationSettings() {
  const { t } = useTranslation();
  const { queries } = useParts();
  const { data: muted } = useQuery(queries.mutedNotifications());
  const mute = useMute();
  return (
    <SettingsSection title={t('inbox.title')} text={t('inbox.settingsText')}>
      {muted === undefined && <Skeleton className="h-48" />}
      <ul className="divide-y divide-line">
        {muted !== undefined &&
          KINDS.map((kind) => (
            <li key={kind} className="flex min-h-12 items-center justify-between gap-4">
              <label htmlFor={`notify-${kind}`} className="text-sm font-medium">
                {t(`inbox.kind.${kind}`)}
              </label>
              <Switch.Root
                id={`notify-${kind}`}
                checked={!muted.includes(kind)}
                onCheckedChange={(wanted) => void mute(kind, wanted)}
                className={joinClasses(
                  'relative h-7 w-12 shrink-0 rounded-full bg-edge transition-colors',
                  'data-[state=checked]:bg-brand',
                )}
              >
                <Switch.Thumb
                  className={joinClasses(
                    'block size-5 translate-x-1 rounded-full bg-surface',
                    'transition-transform data-[state=checked]:translate-x-6',
                  )}
                />
              </Switch.Root>
            </li>
          ))}
      </ul>
    </SettingsSection>
  );
}
