import type { PaymentRequestView } from '@florin/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { HandCoins, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatRelative } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Card, EmptyState, PageHeader, Pill } from '../ui/surfaces.tsx';
import { Amount } from '../wallet/amount.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';

const RequestDialog = lazy(() => import('./request-dialog.tsx'));
const AcceptDialog = lazy(() => import('./accept-dialog.tsx'));

type Direction = PaymentRequestView['direction'];
const DIRECTIONS = ['incoming', 'outgoing'] as const satisfies Direction[];

const TONES = {
  open: 'warn',
  processing: 'warn',
  accepted: 'ok',
  declined: 'danger',
  cancelled: 'neutral',
  expired: 'neutral',
} as const;

const POLL_MS = 5000;

interface RequestRowProps {
  request: PaymentRequestView;
  onAccept(): void;
}

function RequestRow({ request, onAccept }: RequestRowProps) {
  const { t } = useTranslation('more');
  const locale = useLocale();
  const { api } = useParts();
  const { busy, act } = useAction();
  const { id, direction, status, amount, currency, description, transactionId } = request;
  const who = request.requesterName ?? request.fromEmail ?? '';
  const answer = (verb: 'decline' | 'cancel'): void =>
    void act(() => api.call(`POST /v1/payment-requests/{id}/${verb}`, { path: { id } }), {
      done: t(`requests.done.${verb}`),
      failed: t('requests.failed'),
      changes: ['payment-requests'],
    });
  return (
    <li className="grid gap-3 px-5 py-4 sm:grid-cols-[1fr_auto] sm:items-center">
      <div className="flex items-center gap-4">
        <span
          className={joinClasses(
            'grid size-10 shrink-0 place-items-center rounded-full bg-brand-soft text-brand',
          )}
        >
          <HandCoins className="size-5" aria-hidden />
        </span>
        <div className="min-w-0 flex-1">
          <p className="font-semibold wrap-anywhere">{t(`requests.who.${direction}`, { who })}</p>
          <p className="text-sm text-muted wrap-anywhere">
            {[
              description,
              status === 'open'
                ? t('requests.until', { time: formatRelative(request.expiresAt, locale) })
                : formatRelative(request.createdAt, locale),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-3 sm:justify-end">
        <Amount minor={amount} currency={currency} className="text-lg font-bold" />
        {status !== 'open' && <Pill tone={TONES[status]}>{t(`requests.status.${status}`)}</Pill>}
        {transactionId !== undefined && (
          <Link
            to="/transactions/$transactionId"
            params={{ transactionId }}
            className="text-sm font-semibold text-brand underline"
          >
            {t('requests.details')}
          </Link>
        )}
        {status === 'open' && direction === 'incoming' && (
          <>
            <Button size="small" onClick={onAccept}>
              {t('requests.pay')}
            </Button>
            <Button look="secondary" size="small" busy={busy} onClick={() => answer('decline')}>
              {t('requests.decline')}
            </Button>
          </>
        )}
        {status === 'open' && direction === 'outgoing' && (
          <Button look="secondary" size="small" busy={busy} onClick={() => answer('cancel')}>
            {t('requests.cancel')}
          </Button>
        )}
      </div>
    </li>
  );
}

interface RequestListProps {
  direction: Direction;
  onAccept(request: PaymentRequestView): void;
}

function RequestList({ direction, onAccept }: RequestListProps) {
  const { t } = useTranslation('more');
  const { queries } = useParts();
  const { data: requests } = useQuery({
    ...queries.paymentRequests(direction),
    refetchInterval: POLL_MS,
  });
  return (
    <Card className="overflow-hidden">
      <h2 className="px-5 pt-4 pb-1 text-lg font-bold">{t(`requests.${direction}`)}</h2>
      {requests === undefined && <ListSkeleton />}
      {requests?.length === 0 && (
        <EmptyState
          icon={<HandCoins className="size-6" aria-hidden />}
          title={t(`requests.none.${direction}`)}
          text={t(`requests.noneText.${direction}`)}
        />
      )}
      <ul className="divide-y divide-line">
        {requests?.map((request) => (
          <RequestRow key={request.id} request={request} onAccept={() => onAccept(request)} />
        ))}
      </ul>
    </Card>
  );
}

/** People ask each other for money; who is asked pays with a press, or does not. */
export function RequestsPage() {
  const { t } = useTranslation('more');
  const [asking, setAsking] = useState(false);
  const [accepting, setAccepting] = useState<PaymentRequestView>();
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title={t('requests.title')}
        description={t('requests.about')}
        actions={
          <Button onClick={() => setAsking(true)} icon={<Plus className="size-4.5" aria-hidden />}>
            {t('requests.new')}
          </Button>
        }
      />
      <div className="grid gap-6">
        {DIRECTIONS.map((direction) => (
          <RequestList key={direction} direction={direction} onAccept={setAccepting} />
        ))}
      </div>
      <Suspense>
        {asking && <RequestDialog onClose={() => setAsking(false)} />}
        {accepting && <AcceptDialog request={accepting} onClose={() => setAccepting(undefined)} />}
      </Suspense>
    </div>
  );
}
