import type { ScheduledTransfer } from '@florin/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarClock, CircleX, Pause, Play, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatMoment } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import type { MenuItem } from '../ui/menu.tsx';
import { Card, EmptyState, PageHeader, Pill, Skeleton } from '../ui/surfaces.tsx';
import { Amount } from '../wallet/amount.tsx';
import { shortId } from '../wallet/transaction-row.tsx';
import { useMyWallets } from '../wallet/use-my-wallets.ts';

const ScheduleDialog = lazy(() => import('./schedule-dialog.tsx'));

const TONES = { active: 'ok', paused: 'warn', finished: 'neutral', cancelled: 'neutral' } as const;
const OUTCOMES = {
  due: 'neutral',
  submitted: 'warn',
  held: 'warn',
  completed: 'ok',
  refused: 'danger',
  missed: 'warn',
  cancelled: 'neutral',
} as const;

/** What became of a plan each time. */
function Occurrences({ id }: { id: string }) {
  const { t } = useTranslation('more');
  const locale = useLocale();
  const { queries } = useParts();
  const { data: occurrences } = useQuery(queries.occurrences(id));
  if (occurrences === undefined) return <Skeleton className="h-10" />;
  if (occurrences.length === 0) {
    return <p className="text-sm text-muted">{t('schedules.nothingYet')}</p>;
  }
  return (
    <ul className="divide-y divide-line text-sm">
      {occurrences.map(({ number, plannedFor, status, transactionId }) => (
        <li key={number} className="flex flex-wrap items-center gap-3 py-2">
          <span className="min-w-40 flex-1">{formatMoment(plannedFor, locale)}</span>
          <Pill tone={OUTCOMES[status]}>{t(`schedules.outcome.${status}`)}</Pill>
          {transactionId !== undefined && (
            <Link
              to="/transactions/$transactionId"
              params={{ transactionId }}
              className="text-brand underline"
            >
              {shortId(transactionId)}
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}

type Verb = 'pause' | 'resume' | 'cancel';

function useScheduleMenu({ id, status }: ScheduledTransfer): MenuItem[] {
  const { t } = useTranslation('more');
  const { api } = useParts();
  const { act } = useAction();
  const icon = 'size-4.5';
  const item = (verb: Verb, Icon: typeof Pause): MenuItem => ({
    label: t(`schedules.verb.${verb}`),
    icon: <Icon className={icon} aria-hidden />,
    danger: verb === 'cancel',
    onSelect: () =>
      void act(() => api.call(`POST /v1/scheduled-transfers/{id}/${verb}`, { path: { id } }), {
        done: t(`schedules.done.${verb}`),
        failed: t('schedules.failed'),
        changes: ['schedules'],
      }),
  });
  if (status === 'active') return [item('pause', Pause), item('cancel', CircleX)];
  if (status === 'paused') return [item('resume', Play), item('cancel', CircleX)];
  return [];
}

function ScheduleCard({ schedule }: { schedule: ScheduledTransfer }) {
  const { t } = useTranslation('more');
  const locale = useLocale();
  const { find } = useMyWallets();
  const items = useScheduleMenu(schedule);
  const { id, amount, currency, description, status, nextAt, fromWalletId, toWalletId } = schedule;
  const { frequency, interval } = schedule.schedule;
  const nameOf = (walletId: string): string => find(walletId)?.name ?? shortId(walletId);
  const sides = { from: nameOf(fromWalletId), to: nameOf(toWalletId) };
  return (
    <Card className="grid gap-3 p-5">
      <div className="flex items-start gap-4">
        <div className="grid min-w-0 flex-1 gap-1">
          <p className="font-semibold wrap-anywhere">
            {description ?? t('schedules.between', sides)}
          </p>
          <Amount minor={amount} currency={currency} className="text-xl font-bold" />
          <p className="text-sm text-muted">
            {interval === 1
              ? t(`schedules.every.${frequency}`)
              : t(`schedules.interval.${frequency}`, { count: interval })}
            {nextAt !== undefined &&
              ` · ${t('schedules.next', { time: formatMoment(nextAt, locale) })}`}
          </p>
          {description !== undefined && (
            <p className="text-sm text-muted">{t('schedules.between', sides)}</p>
          )}
        </div>
        <Pill tone={TONES[status]}>{t(`schedules.status.${status}`)}</Pill>
        {items.length > 0 && <MenuButton label={t('schedules.more')} items={items} />}
      </div>
      <details>
        <summary className="min-h-8 text-sm font-semibold">{t('schedules.history')}</summary>
        <Occurrences id={id} />
      </details>
    </Card>
  );
}

/** Transfers that happen by themselves: once at a time, or again and again. */
export function SchedulesPage() {
  const { t } = useTranslation('more');
  const { queries } = useParts();
  const { data: schedules } = useQuery(queries.schedules());
  const [planning, setPlanning] = useState(false);
  const plan = (
    <Button onClick={() => setPlanning(true)} icon={<Plus className="size-4.5" aria-hidden />}>
      {t('schedules.new')}
    </Button>
  );
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title={t('schedules.title')}
        description={t('schedules.about')}
        actions={schedules !== undefined && schedules.length > 0 && plan}
      />
      {schedules === undefined && <Skeleton className="h-40 rounded-card" />}
      {schedules?.length === 0 && (
        <Card>
          <EmptyState
            icon={<CalendarClock className="size-6" aria-hidden />}
            title={t('schedules.none')}
            text={t('schedules.noneText')}
          >
            {plan}
          </EmptyState>
        </Card>
      )}
      <div className="grid gap-4">
        {schedules?.map((schedule) => (
          <ScheduleCard key={schedule.id} schedule={schedule} />
        ))}
      </div>
      {planning && (
        <Suspense>
          <ScheduleDialog onClose={() => setPlanning(false)} />
        </Suspense>
      )}
    </div>
  );
}
