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

/** Where somebody is told: in the app, or by letter as well. */
const CHANNELS = [
  { list: 'muted', name: 'inbox.channel.app' },
  { list: 'mutedLetters', name: 'inbox.channel.letter' },
] as const;
type List = (typeof CHANNELS)[number]['list'];

/** A switch moves at once and goes back when it could not be kept. */
function useMute() {
  const { api, queries } = useParts();
  const queryClient = useQueryClient();
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { queryKey } = queries.notificationPreferences();
  return async (list: List, kind: MessageKind, wanted: boolean): Promise<void> => {
    const before = queryClient.getQueryData(queryKey);
    if (before === undefined) return;
    const others = before[list].filter((one) => one !== kind);
    const body = { [list]: wanted ? others : [...others, kind] };
    queryClient.setQueryData(queryKey, { ...before, ...body });
    try {
      await api.call('PUT /v1/notifications/preferences', { body });
    } catch (error) {
      queryClient.setQueryData(queryKey, before);
      showToast({ tone: 'danger', title: t('settings.notChanged'), text: problemText(error) });
    }
  };
}

interface MuteSwitchProps {
  label: string;
  checked: boolean;
  onChange(wanted: boolean): void;
}

const MuteSwitch = ({ label, checked, onChange }: MuteSwitchProps) => (
  <Switch.Root
    aria-label={label}
    checked={checked}
    onCheckedChange={onChange}
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
);

export default function NotificationSettings() {
  const { t } = useTranslation();
  const { queries } = useParts();
  const { data: preferences } = useQuery(queries.notificationPreferences());
  const mute = useMute();
  return (
    <SettingsSection title={t('inbox.title')} text={t('inbox.settingsText')}>
      {preferences === undefined && <Skeleton className="h-48" />}
      {preferences !== undefined && (
        <table className="w-full text-left text-sm">
          <thead>
            <tr className="text-muted">
              <th scope="col">
                <span className="sr-only">{t('inbox.about')}</span>
              </th>
              {CHANNELS.map(({ list, name }) => (
                <th key={list} scope="col" className="w-20 pb-2 text-right font-medium">
                  {t(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {KINDS.map((kind) => (
              <tr key={kind}>
                <th scope="row" className="py-2.5 pr-3 font-medium">
                  {t(`inbox.kind.${kind}`)}
                </th>
                {CHANNELS.map(({ list, name }) => (
                  <td key={list} className="py-2.5 text-right">
                    <MuteSwitch
                      label={`${t(`inbox.kind.${kind}`)}, ${t(name)}`}
                      checked={!preferences[list].includes(kind)}
                      onChange={(wanted) => void mute(list, kind, wanted)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </SettingsSection>
  );
}
