import type { Adjustment, AdjustmentStatus } from '@florin/contracts';
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { ArrowDownLeft, ArrowUpRight, Plus, UsersRound } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { formatRelative, formatShort } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { may } from '../session/staff.ts';
import { Button } from '../ui/button.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { LoadMore } from '../ui/load-more.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { Card, EmptyState, PageHeader, Pill } from '../ui/surfaces.tsx';
import { Amount } from '../wallet/amount.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';
import { shortId } from '../wallet/transaction-row.tsx';
import { useControlQueries } from './control-queries.ts';
import { NoteDialog } from './note-dialog.tsx';

const ProposeDialog = lazy(() => import('./propose-dialog.tsx'));

type Verdict = 'approve' | 'reject';
const SHOWN = ['open', 'approved', 'rejected', 'expired', 'any'] as const satisfies (
  AdjustmentStatus | 'any'
)[];
const TONES = { open: 'warn', approved: 'ok', rejected: 'danger', expired: 'neutral' } as const;

interface AdjustmentRowProps {
  adjustment: Adjustment;
  mine: boolean;
  changeable: boolean;
  onDecide(verdict: Verdict): void;
}

function AdjustmentRow({ adjustment, mine, changeable, onDecide }: AdjustmentRowProps) {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  const locale = useLocale();
  const { walletId, direction, amount, currency, status, reason, note } = adjustment;
  const { proposedBy, proposedAt, expiresAt, decidedAt } = adjustment;
  const Icon = direction === 'credit' ? ArrowDownLeft : ArrowUpRight;
  const facts = [
    mine ? t('adjustments.byYou') : t('adjustments.by', { who: shortId(proposedBy) }),
    formatShort(proposedAt, locale),
    status === 'open' && t('adjustments.until', { time: formatRelative(expiresAt, locale) }),
    decidedAt !== undefined && t('adjustments.decided', { time: formatShort(decidedAt, locale) }),
  ];
  return (
    <li className="grid gap-3 px-5 py-4 sm:grid-cols-[1fr_auto] sm:items-center">
      <div className="flex items-start gap-4">
        <span
          className={joinClasses(
            'grid size-10 shrink-0 place-items-center rounded-full',
            direction === 'credit' ? 'bg-ok-soft text-ok' : 'bg-warn-soft text-warn',
          )}
        >
          <Icon className="size-5" aria-hidden />
        </span>
        <div className="grid min-w-0 gap-0.5">
          <p className="font-semibold wrap-anywhere">{reason}</p>
          <p className="text-sm text-muted">
            {t(`adjustments.does.${direction}`)} ·{' '}
            <Link
              to="/wallets/$walletId"
              params={{ walletId }}
              className="font-semibold text-brand underline"
            >
              {app('activity.wallet')} {shortId(walletId)}
            </Link>
          </p>
          <p className="text-sm text-muted">{facts.filter(Boolean).join(' · ')}</p>
          {note !== undefined && <p className="text-sm wrap-anywhere">“{note}”</p>}
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-3 sm:justify-end">
        <Amount minor={amount} currency={currency} className="text-lg font-bold" />
        {status !== 'open' && <Pill tone={TONES[status]}>{t(`adjustments.status.${status}`)}</Pill>}
        {status === 'open' && mine && <Pill tone="warn">{t('adjustments.colleague')}</Pill>}
        {status === 'open' && !mine && changeable && (
          <>
            <Button size="small" onClick={() => onDecide('approve')}>
              {t('adjustments.approve')}
            </Button>
            <Button look="secondary" size="small" onClick={() => onDecide('reject')}>
              {t('adjustments.reject')}
            </Button>
          </>
        )}
      </div>
    </li>
  );
}

/** Corrections of balances: one of the staff proposes, another one decides. */
export function AdjustmentsPage() {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  const { wallet = '' } = useSearch({ from: '/app/console/control/adjustments' });
  const { api, queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const [status, setStatus] = useState<(typeof SHOWN)[number]>('open');
  const [proposing, setProposing] = useState(wallet !== '');
  const [deciding, setDeciding] = useState<{ adjustment: Adjustment; verdict: Verdict }>();
  const query = useInfiniteQuery(useControlQueries().adjustments(status));
  const rows = query.data?.pages.flatMap(({ items }) => items);
  const changeable = may(me, 'give-back');
  return (
    <div className="max-w-4xl">
      <PageHeader
        title={app('nav.adjustments')}
        description={t('adjustments.about')}
        actions={
          changeable && (
            <Button
              onClick={() => setProposing(true)}
              icon={<Plus className="size-4.5" aria-hidden />}
            >
              {t('adjustments.new')}
            </Button>
          )
        }
      />
      <div className="mb-4 max-w-60">
        <SelectField
          label={t('show')}
          value={status}
          onChange={({ target }) => setStatus(target.value as AdjustmentStatus)}
        >
          {SHOWN.map((one) => (
            <option key={one} value={one}>
              {t(`adjustments.status.${one}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <Card className="overflow-hidden">
        {query.isPending && <ListSkeleton />}
        {rows?.length === 0 && (
          <EmptyState
            icon={<UsersRound className="size-6" aria-hidden />}
            title={t('adjustments.none')}
            text={t('adjustments.noneText')}
          />
        )}
        <ul className="divide-y divide-line">
          {rows?.map((adjustment) => (
            <AdjustmentRow
              key={adjustment.id}
              adjustment={adjustment}
              mine={adjustment.proposedBy === me.id}
              changeable={changeable}
              onDecide={(verdict) => setDeciding({ adjustment, verdict })}
            />
          ))}
        </ul>
        <LoadMore query={query}>{t('more')}</LoadMore>
      </Card>
      <Suspense>
        {proposing && <ProposeDialog walletId={wallet} onClose={() => setProposing(false)} />}
      </Suspense>
      {deciding && (
        <NoteDialog
          title={t(`adjustments.ask.${deciding.verdict}`)}
          description={deciding.adjustment.reason}
          confirm={t(`adjustments.${deciding.verdict}`)}
          danger={deciding.verdict === 'reject'}
          send={(body) =>
            api.call(`POST /v1/admin/adjustments/{id}/${deciding.verdict}`, {
              path: { id: deciding.adjustment.id },
              body,
            })
          }
          done={t(`adjustments.done.${deciding.verdict}`)}
          changes={['admin', 'wallet', 'wallets']}
          onClose={() => setDeciding(undefined)}
        />
      )}
    </div>
  );
}
