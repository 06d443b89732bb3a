import { useInfiniteQuery, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Building2, Flag, Radio, Scale, ShieldAlert } from 'lucide-react';
import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TransactionView } from '../api/answers.ts';
import { useParts } from '../api/parts.ts';
import { formatTime } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { may } from '../session/staff.ts';
import { joinClasses } from '../ui/join-classes.ts';
import { Card, PageHeader, Pill, Skeleton } from '../ui/surfaces.tsx';
import { whenIdle } from '../ui/when-idle.ts';
import { Amount } from '../wallet/amount.tsx';
import { shortId, StandingPill } from '../wallet/transaction-row.tsx';
import { useAdminQueries } from './admin-queries.ts';
import { Lanes } from './lanes.tsx';
import { quantile, totalsOf, type LiveFeed } from './live-feed.ts';
import { useLiveFeed } from './use-live-feed.ts';

const VolumeChart = lazy(() => whenIdle().then(() => import('./volume-chart.tsx')));

interface FigureProps {
  name: string;
  value: string | number;
  tone?: 'danger' | 'warn';
}

const Figure = ({ name, value, tone }: FigureProps) => (
  <div className="grid gap-1 p-4 sm:p-5">
    <dt className="text-sm text-muted">{name}</dt>
    <dd
      className={joinClasses(
        'tabular text-2xl font-bold',
        tone === 'danger' && 'text-danger',
        tone === 'warn' && 'text-warn',
      )}
    >
      {value}
    </dd>
  </div>
);

function Figures({ feed }: { feed: LiveFeed }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const { completed, failed, held } = totalsOf(feed);
  const p99 = quantile(feed.durations, 0.99);
  const number = new Intl.NumberFormat(locale);
  const ms = new Intl.NumberFormat(locale, { style: 'unit', unit: 'millisecond' });
  return (
    <dl className="grid grid-cols-2 divide-line sm:grid-cols-4 sm:divide-x">
      <Figure name={t('overview.completed')} value={number.format(completed)} />
      <Figure
        name={t('overview.failed')}
        value={number.format(failed)}
        {...(failed > 0 ? { tone: 'danger' as const } : {})}
      />
      <Figure
        name={t('overview.held')}
        value={number.format(held)}
        {...(held > 0 ? { tone: 'warn' as const } : {})}
      />
      <Figure name={t('overview.p99')} value={p99 === undefined ? '–' : ms.format(p99)} />
    </dl>
  );
}

interface StateProps {
  to: '/console/reviews' | '/console/banks' | '/console/books' | '/console/flags';
  icon: ReactNode;
  name: string;
  /** Undefined while it is asked for. */
  text: string | undefined;
  ok: boolean;
}

const State = ({ to, icon, name, text, ok }: StateProps) => (
  <Link
    to={to}
    className={joinClasses(
      'flex items-center gap-4 rounded-card border border-line bg-surface p-4',
      'shadow-card transition-colors hover:bg-sunken',
    )}
  >
    <span
      className={joinClasses(
        'grid size-11 shrink-0 place-items-center rounded-full',
        ok ? 'bg-ok-soft text-ok' : 'bg-warn-soft text-warn',
      )}
    >
      {icon}
    </span>
    <span className="min-w-0 flex-1">
      <span className="block text-sm text-muted">{name}</span>
      {text === undefined ? (
        <Skeleton className="mt-1 h-5 w-28" />
      ) : (
        <span className="block font-semibold">{text}</span>
      )}
    </span>
  </Link>
);

const ICON = 'size-5';

function ReviewState() {
  const { t } = useTranslation('console');
  const { data } = useInfiniteQuery(useAdminQueries().reviews('open'));
  const first = data?.pages[0];
  const count = first?.items.length ?? 0;
  const text = t(first?.nextCursor ? 'overview.manyWaiting' : 'overview.waiting', { count });
  return (
    <State
      to="/console/reviews"
      icon={<ShieldAlert className={ICON} aria-hidden />}
      name={t('overview.reviews')}
      text={data && text}
      ok={count === 0}
    />
  );
}

function BankState() {
  const { t } = useTranslation('console');
  const { data } = useQuery(useAdminQueries().breakers());
  const open = data?.filter(({ state }) => state !== 'closed').map(({ bank }) => bank) ?? [];
  return (
    <State
      to="/console/banks"
      icon={<Building2 className={ICON} aria-hidden />}
      name={t('overview.banks')}
      text={
        data &&
        (open.length === 0
          ? t('overview.banksFine')
          : t('overview.banksOpen', { banks: open.join(', ') }))
      }
      ok={open.length === 0}
    />
  );
}

function BooksState() {
  const { t } = useTranslation('console');
  const { data } = useQuery(useAdminQueries().reconciliation());
  return (
    <State
      to="/console/books"
      icon={<Scale className={ICON} aria-hidden />}
      name={t('overview.books')}
      text={
        data &&
        (data.ok
          ? t('overview.booksFine')
          : (data.breaks[0]?.invariant ?? t('overview.breaks', { count: data.breaks.length })))
      }
      ok={data?.ok ?? true}
    />
  );
}

function FlagState() {
  const { t } = useTranslation('console');
  const { data } = useQuery(useAdminQueries().flags());
  const flag = data?.find(({ key }) => key === 'fraud-scoring');
  return (
    <State
      to="/console/flags"
      icon={<Flag className={ICON} aria-hidden />}
      name={t('overview.flags')}
      text={flag && t(`flags.variant.${flag.variant}` as 'flags.variant.enforce')}
      ok={flag === undefined || flag.variant !== 'off'}
    />
  );
}

function Latest({ latest }: { latest: readonly TransactionView[] }) {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const locale = useLocale();
  return (
    <Card className="overflow-hidden">
      <h2 className="px-5 pt-4 pb-2 text-lg font-bold">{t('overview.latest')}</h2>
      {latest.length === 0 && <p className="px-5 pb-5 text-muted">{t('overview.quiet')}</p>}
      <ul className="divide-y divide-line">
        {latest.map((transaction) => (
          <li key={transaction.id}>
            <Link
              to="/transactions/$transactionId"
              params={{ transactionId: transaction.id }}
              className={joinClasses(
                'flex min-h-13 flex-wrap items-center gap-x-4 gap-y-1 px-5 py-2.5',
                'text-sm hover:bg-sunken',
              )}
            >
              <span className="tabular w-18 text-muted">
                {formatTime(transaction.completedAt ?? transaction.createdAt, locale)}
              </span>
              <span className="min-w-28 flex-1 font-semibold">
                {app(`tx.type.${transaction.type}` as 'tx.type.transfer')}{' '}
                <span className="font-normal text-muted">{shortId(transaction.id)}</span>
              </span>
              <Amount
                minor={transaction.amount}
                currency={transaction.currency}
                className="font-semibold"
              />
              <StandingPill transaction={transaction} />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function OverviewPage() {
  const { t } = useTranslation('console');
  const { queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const { feed, live } = useLiveFeed();
  return (
    <>
      <PageHeader
        title={t('overview.title')}
        actions={
          <Pill tone={live ? 'ok' : 'warn'} icon={<Radio className="size-3.5" aria-hidden />}>
            {live ? t('overview.live') : t('overview.connecting')}
          </Pill>
        }
      />
      <div className="grid gap-6">
        <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
          {may(me, 'see-risk') && <ReviewState />}
          <BankState />
          {may(me, 'see-books') && <BooksState />}
          {may(me, 'see-risk') && <FlagState />}
        </div>
        <Card className="overflow-hidden">
          <h2 className="px-5 pt-4 text-lg font-bold">{t('overview.window')}</h2>
          <Figures feed={feed} />
          <div className="h-52 px-2 pb-4 sm:px-4">
            <Suspense fallback={<Skeleton className="h-full w-full" />}>
              <VolumeChart feed={feed} />
            </Suspense>
          </div>
        </Card>
        <Lanes />
        <Latest latest={feed.latest} />
      </div>
    </>
  );
}
