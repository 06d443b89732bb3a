import { useInfiniteQuery } from '@tanstack/react-query';
import { Receipt, RotateCw } from 'lucide-react';
import { Fragment, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TransactionView } from '../api/answers.ts';
import { useParts } from '../api/parts.ts';
import type { TransactionFilters } from '../api/queries.ts';
import { dayOf, formatDay } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { Card, EmptyState, Skeleton } from '../ui/surfaces.tsx';
import { matchesText } from './matches-text.ts';
import { TransactionRow } from './transaction-row.tsx';

interface TransactionListProps {
  filters?: TransactionFilters;
  text?: string | undefined;
}

/** Calls when its element comes near the screen, for as long as it is there. */
function useNearScreen(onNear: () => void) {
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(onNear);
  latest.current = onNear;
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting === true && latest.current(),
      { rootMargin: '600px' },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  });
  return element;
}

const rows = [0, 1, 2, 3, 4];

export const ListSkeleton = () => {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('loading')} className="grid">
      {rows.map((row) => (
        <div key={row} className="flex min-h-16 items-center gap-4 px-5 py-3">
          <Skeleton className="size-10 rounded-full" />
          <div className="grid flex-1 gap-2">
            <Skeleton className="h-4 w-40" />
            <Skeleton className="h-3 w-24" />
          </div>
          <Skeleton className="h-4 w-20" />
        </div>
      ))}
    </div>
  );
};

function Days({ items, viewedFrom }: { items: TransactionView[]; viewedFrom?: string }) {
  const locale = useLocale();
  const days = useMemo(() => [...Map.groupBy(items, ({ createdAt }) => dayOf(createdAt))], [items]);
  return days.map(([day, group]) => (
    <Fragment key={day}>
      <h2 className="px-4 pt-4 pb-1 text-sm font-bold text-muted sm:px-5">
        {formatDay(day, locale)}
      </h2>
      <ul className="divide-y divide-line">
        {group.map((transaction) => (
          <li key={transaction.id}>
            <TransactionRow
              transaction={transaction}
              {...(viewedFrom === undefined ? {} : { viewedFrom })}
            />
          </li>
        ))}
      </ul>
    </Fragment>
  ));
}

/** Transactions by day, newest first; more of them come as the end of the list comes near. */
export function TransactionList({ filters = {}, text }: TransactionListProps) {
  const { t } = useTranslation();
  const { queries } = useParts();
  const query = useInfiniteQuery(queries.transactions(filters));
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, isPending, isError } = query;
  const all = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const items = useMemo(
    () => (text ? all.filter((transaction) => matchesText(transaction, text)) : all),
    [all, text],
  );
  const end = useNearScreen(() => {
    if (hasNextPage && !isFetchingNextPage && !query.isFetchNextPageError) void fetchNextPage();
  });

  if (isPending) return <Card>{<ListSkeleton />}</Card>;
  if (isError && all.length === 0) {
    return (
      <Card>
        <EmptyState
          icon={<RotateCw className="size-6" aria-hidden />}
          title={t('fault.title')}
          text={t('fault.text')}
        >
          <Button onClick={() => void query.refetch()}>{t('retry')}</Button>
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card className="overflow-hidden pb-2">
      {items.length === 0 && !hasNextPage && (
        <EmptyState
          icon={<Receipt className="size-6" aria-hidden />}
          title={t('activity.none')}
          text={t('activity.noneText')}
        />
      )}
      <Days
        items={items}
        {...(filters.walletId === undefined ? {} : { viewedFrom: filters.walletId })}
      />
      <div ref={end} />
      {isFetchingNextPage && <ListSkeleton />}
      {query.isFetchNextPageError && (
        <div className="p-4 text-center">
          <Button look="secondary" onClick={() => void fetchNextPage()}>
            {t('retry')}
          </Button>
        </div>
      )}
      {items.length > 0 && !hasNextPage && (
        <p className="p-4 text-center text-sm text-muted">{t('activity.end')}</p>
      )}
    </Card>
  );
}
