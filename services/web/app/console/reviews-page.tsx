import type { ReviewStatus } from '@florin/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TransactionView } from '../api/answers.ts';
import { formatRelative } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { LoadMore } from '../ui/load-more.tsx';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { Card, EmptyState, PageHeader } from '../ui/surfaces.tsx';
import { Amount } from '../wallet/amount.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';
import { shortId } from '../wallet/transaction-row.tsx';
import { useAdminQueries } from './admin-queries.ts';
import { ScorePill, VerdictPill } from './risk-pills.tsx';

const STATUSES = ['open', 'approved', 'declined', 'expired', 'any'] as const satisfies (
  ReviewStatus | 'any'
)[];

function useColumns(): Column<TransactionView>[] {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const locale = useLocale();
  return useMemo(
    () => [
      {
        id: 'amount',
        header: app('pay.amount'),
        sortBy: ({ amount }) => Number(amount),
        cell: ({ id, amount, currency }) => (
          <Link
            to="/console/reviews/$transactionId"
            params={{ transactionId: id }}
            className="font-semibold text-brand underline"
          >
            <Amount minor={amount} currency={currency} />
          </Link>
        ),
      },
      {
        id: 'score',
        header: t('reviews.score'),
        sortBy: ({ risk }) => risk?.score ?? -1,
        cell: ({ risk }) => <ScorePill score={risk?.score} />,
      },
      {
        id: 'reason',
        header: t('reviews.reason'),
        wide: true,
        cell: ({ risk }) => (
          <span className="block max-w-md">{risk?.reasons?.[0]?.text ?? t('reviews.policy')}</span>
        ),
      },
      {
        id: 'type',
        header: app('activity.type'),
        wide: true,
        sortBy: ({ type }) => type,
        cell: ({ type }) => app(`tx.type.${type}` as 'tx.type.transfer'),
      },
      {
        id: 'wallet',
        header: app('activity.wallet'),
        wide: true,
        cell: ({ walletId }) => shortId(walletId),
      },
      {
        id: 'opened',
        header: t('reviews.waits'),
        wide: true,
        sortBy: ({ review }) => review?.openedAt ?? '',
        cell: ({ review }) =>
          review?.openedAt === undefined ? '–' : formatRelative(review.openedAt, locale),
      },
      {
        id: 'status',
        header: app('activity.status'),
        sortBy: ({ review }) => review?.status ?? '',
        cell: ({ review }) => <VerdictPill status={review?.status ?? 'open'} />,
      },
    ],
    [t, app, locale],
  );
}

export function ReviewsPage() {
  const { t } = useTranslation('console');
  const [status, setStatus] = useState<ReviewStatus | 'any'>('open');
  const columns = useColumns();
  const query = useInfiniteQuery(useAdminQueries().reviews(status));
  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  return (
    <>
      <PageHeader title={t('reviews.title')} description={t('reviews.about')} />
      <div className="mb-4 max-w-60">
        <SelectField
          label={t('reviews.show')}
          value={status}
          onChange={({ target }) => setStatus(target.value as ReviewStatus)}
        >
          {STATUSES.map((one) => (
            <option key={one} value={one}>
              {t(`reviews.status.${one}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <Card className="overflow-hidden">
        {query.isPending && <ListSkeleton />}
        {query.data && rows.length === 0 && (
          <EmptyState
            icon={<ShieldCheck className="size-6" aria-hidden />}
            title={t('reviews.none')}
            text={t('reviews.noneText')}
          />
        )}
        {rows.length > 0 && (
          <DataTable
            caption={t('reviews.title')}
            columns={columns}
            rows={rows}
            idOf={({ id }) => id}
          />
        )}
        <LoadMore query={query}>{t('more')}</LoadMore>
      </Card>
    </>
  );
}
