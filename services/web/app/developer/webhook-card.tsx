import type { Webhook } from '@florin/contracts';
import { ChevronDown, KeyRound, Power, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { ConfirmDialog } from '../ui/on-demand.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { MenuButton } from '../ui/menu-button.tsx';
import type { MenuItem } from '../ui/menu.tsx';
import { Card, Pill } from '../ui/surfaces.tsx';
import { Deliveries } from './deliveries.tsx';

interface WebhookCardProps {
  webhook: Webhook;
  onSecret(secret: string): void;
}

type Asked = 'rotate' | 'remove';

function useWebhookMenu({ id, status }: Webhook, ask: (asked: Asked) => void): MenuItem[] {
  const { t } = useTranslation('more');
  const { api } = useParts();
  const { act } = useAction();
  const icon = 'size-4.5';
  const failed = t('developer.failed');
  const next = status === 'active' ? 'disabled' : 'active';
  const path = { id };
  return [
    {
      label: t('developer.test'),
      icon: <Send className={icon} aria-hidden />,
      onSelect: () =>
        void act(() => api.call('POST /v1/webhooks/{id}/test', { path }), {
          done: t('developer.tested'),
          failed,
          changes: ['deliveries'],
        }),
    },
    {
      label: t(status === 'active' ? 'developer.switchOff' : 'developer.switchOn'),
      icon: <Power className={icon} aria-hidden />,
      onSelect: () =>
        void act(() => api.call('PATCH /v1/webhooks/{id}', { path, body: { status: next } }), {
          failed,
          changes: ['webhooks'],
        }),
    },
    {
      label: t('developer.rotate'),
      icon: <KeyRound className={icon} aria-hidden />,
      onSelect: () => ask('rotate'),
    },
    {
      label: t('developer.remove'),
      icon: <Trash2 className={icon} aria-hidden />,
      danger: true,
      onSelect: () => ask('remove'),
    },
  ];
}

export function WebhookCard({ webhook, onSecret }: WebhookCardProps) {
  const { t } = useTranslation('more');
  const { api } = useParts();
  const { busy, act } = useAction();
  const [asked, setAsked] = useState<Asked>();
  const [shown, setShown] = useState(false);
  const items = useWebhookMenu(webhook, setAsked);
  const { id, url, description, eventTypes, status, disabledReason } = webhook;
  const failed = t('developer.failed');

  async function confirm(): Promise<void> {
    if (asked === 'remove') {
      const done = t('developer.removed');
      const call = () => api.call('DELETE /v1/webhooks/{id}', { path: { id } });
      await act(call, { done, failed, changes: ['webhooks'] });
    } else {
      const call = () => api.call('POST /v1/webhooks/{id}/rotate', { path: { id } });
      const rotated = await act(call, { failed, changes: [] });
      if (rotated) onSecret(rotated.answer.secret);
    }
    setAsked(undefined);
  }

  return (
    <Card className="p-5">
      <div className="flex items-start gap-4">
        <div className="grid min-w-0 flex-1 gap-1.5">
          <p className="font-mono text-sm font-semibold wrap-anywhere">{url}</p>
          {description !== undefined && <p className="text-sm text-muted">{description}</p>}
          {disabledReason !== undefined && <p className="text-sm text-danger">{disabledReason}</p>}
          <div className="flex flex-wrap gap-1.5">
            <Pill tone={status === 'active' ? 'ok' : 'neutral'}>
              {t(`developer.status.${status}`)}
            </Pill>
            {eventTypes.length === 0 && <Pill>{t('developer.all')}</Pill>}
            {eventTypes.map((name) => (
              <Pill key={name}>{name}</Pill>
            ))}
          </div>
        </div>
        <MenuButton label={t('developer.more', { url })} items={items} />
      </div>
      <button
        type="button"
        aria-expanded={shown}
        onClick={() => setShown(!shown)}
        className="mt-3 inline-flex min-h-9 items-center gap-2 rounded text-sm font-semibold"
      >
        {t('developer.deliveries')}
        <ChevronDown
          className={joinClasses('size-4 transition-transform', shown && 'rotate-180')}
          aria-hidden
        />
      </button>
      {shown && <Deliveries webhookId={id} />}
      {asked !== undefined && (
        <ConfirmDialog
          open
          onOpenChange={() => setAsked(undefined)}
          title={t(asked === 'rotate' ? 'developer.askRotate' : 'developer.askRemove')}
          description={t(
            asked === 'rotate' ? 'developer.askRotateText' : 'developer.askRemoveText',
          )}
          confirm={t(`developer.${asked}`)}
          danger={asked === 'remove'}
          busy={busy}
          onConfirm={() => void confirm()}
        />
      )}
    </Card>
  );
}
