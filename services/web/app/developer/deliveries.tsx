import type { WebhookDelivery } from '@florin/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatRelative } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { LoadMore } from '../ui/load-more.tsx';
import { Pill, Skeleton } from '../ui/surfaces.tsx';

const TONES = { pending: 'warn', delivered: 'ok', failed: 'danger' } as const;
const POLL_MS = 2000;

function DeliveryRow({ webhookId, delivery }: { webhookId: string; delivery: WebhookDelivery }) {
  const { t } = useTranslation('more');
  const locale = useLocale();
  const { api } = useParts();
  const { busy, act } = useAction();
  const { id, eventType, state, attempts, createdAt, nextAttemptAt } = delivery;
  const last = attempts.at(-1);
  const ms = new Intl.NumberFormat(locale, { style: 'unit', unit: 'millisecond' });
  const facts = [
    formatRelative(createdAt, locale),
    t('developer.attempts', { count: attempts.length }),
    last?.status !== undefined &&
      t('developer.answered', { status: last.status, ms: ms.format(last.durationMs) }),
    last?.problem,
    nextAttemptAt !== undefined &&
      t('developer.next', { time: formatRelative(nextAttemptAt, locale) }),
  ];
  const resend = (): void =>
    void act(
      () =>
        api.call('POST /v1/webhooks/{id}/deliveries/{deliveryId}/resend', {
          path: { id: webhookId, deliveryId: id },
        }),
      { done: t('developer.resent'), failed: t('developer.failed'), changes: ['deliveries'] },
    );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 text-sm">
      <div className="min-w-48 flex-1">
        <p className="font-semibold">{eventType}</p>
        <p className="text-muted wrap-anywhere">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <Pill tone={TONES[state]}>{t(`developer.state.${state}`)}</Pill>
      <Button
        look="secondary"
        size="small"
        busy={busy}
        icon={<RotateCw className="size-4" aria-hidden />}
        onClick={resend}
      >
        {t('developer.resend')}
      </Button>
    </li>
  );
}

/** What a webhook was told, and how that went. */
export function Deliveries({ webhookId }: { webhookId: string }) {
  const { t } = useTranslation('more');
  const { queries } = useParts();
  const query = useInfiniteQuery({
    ...queries.deliveries(webhookId),
    refetchInterval: POLL_MS,
  });
  const items = query.data?.pages.flatMap((page) => page.items);
  if (items === undefined) return <Skeleton className="h-16" />;
  if (items.length === 0)
    return <p className="text-sm text-muted">{t('developer.noDeliveries')}</p>;
  return (
    <>
      <ul className="divide-y divide-line">
        {items.map((delivery) => (
          <DeliveryRow key={delivery.id} webhookId={webhookId} delivery={delivery} />
        ))}
      </ul>
      <LoadMore query={query}>{t('developer.showMore')}</LoadMore>
    </>
  );
}
