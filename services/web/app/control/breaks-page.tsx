import type { BreakStatus, StatementBreak } from '@florin/contracts';
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RefreshCw, Scale } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatShort } from '../format/dates.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { may } from '../session/staff.ts';
import { Button } from '../ui/button.tsx';
import { LoadMore } from '../ui/load-more.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { Card, EmptyState, Notice, PageHeader, Pill, Skeleton } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { Amount } from '../wallet/amount.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';
import { useControlQueries } from './control-queries.ts';
import { NoteDialog } from './note-dialog.tsx';

const BankAccounts = lazy(() => import('./bank-accounts.tsx'));
const BreakProposalDialog = lazy(() => import('./break-proposal-dialog.tsx'));

type Shown = BreakStatus | 'unresolved' | 'any';
type Verdict = 'approve' | 'reject';

const SHOWN: readonly Shown[] = ['unresolved', 'open', 'proposed', 'rejected', 'resolved', 'any'];
const TONES = { open: 'warn', proposed: 'brand', rejected: 'danger', resolved: 'ok' } as const;

function FetchButton() {
  const { t } = useTranslation('control');
  const { api } = useParts();
  const { busy, act } = useAction();
  async function fetchNow(): Promise<void> {
    const told = await act(() => api.call('POST /v1/admin/statements/fetch', { body: {} }), {
      failed: t('notDone'),
      changes: ['admin'],
    });
    if (told === undefined) return;
    const { items, failures } = told.answer;
    const banks = failures.map(({ bank }) => bank).join(', ');
    showToast({
      tone: failures.length === 0 ? 'ok' : 'danger',
      title: t('breaks.fetched', { count: items.filter(({ replayed }) => !replayed).length }),
      ...(failures.length === 0 ? {} : { text: t('breaks.unreachable', { banks }) }),
    });
  }
  return (
    <Button
      look="secondary"
      busy={busy}
      icon={<RefreshCw className="size-4.5" aria-hidden />}
      onClick={() => void fetchNow()}
    >
      {t('breaks.fetch')}
    </Button>
  );
}

interface BreakRowProps {
  found: StatementBreak;
  mine: boolean;
  changeable: boolean;
  onPropose(): void;
  onDecide(verdict: Verdict): void;
}

function BreakRow({ found, mine, changeable, onPropose, onDecide }: BreakRowProps) {
  const { t } = useTranslation('control');
  const locale = useLocale();
  const { bank, currency, kind, status, difference, bookedAt, reference, transactionId } = found;
  const { action, note, decisionNote, resolution } = found;
  const facts = [bank, formatShort(bookedAt, locale), reference].filter(Boolean).join(' · ');
  return (
    <li className="grid gap-3 px-5 py-4 sm:grid-cols-[1fr_auto] sm:items-center">
      <div className="grid min-w-0 gap-0.5">
        <p className="flex flex-wrap items-center gap-2 font-semibold">
          {t(`breaks.kind.${kind}`)}
          <Pill tone={TONES[status]}>
            {t(resolution ? `breaks.resolution.${resolution}` : `breaks.status.${status}`)}
          </Pill>
        </p>
        <p className="text-sm wrap-anywhere text-muted">{facts}</p>
        {transactionId !== undefined && (
          <Link
            to="/transactions/$transactionId"
            params={{ transactionId }}
            className="justify-self-start text-sm font-semibold text-brand underline"
          >
            {t('breaks.transaction')}
          </Link>
        )}
        {action !== undefined && <p className="text-sm">{t(`breaks.action.${action}`)}</p>}
        {note !== undefined && <p className="text-sm wrap-anywhere">“{note}”</p>}
        {decisionNote !== undefined && <p className="text-sm wrap-anywhere">“{decisionNote}”</p>}
      </div>
      <div className="flex flex-wrap items-center gap-3 sm:justify-end">
        <Amount minor={difference} currency={currency} signed className="text-lg font-bold" />
        {changeable && (status === 'open' || status === 'rejected') && (
          <Button look="secondary" size="small" onClick={onPropose}>
            {t('breaks.propose')}
          </Button>
        )}
        {status === 'proposed' && mine && <Pill tone="warn">{t('adjustments.colleague')}</Pill>}
        {changeable && status === 'proposed' && !mine && (
          <>
            <Button size="small" onClick={() => onDecide('approve')}>
              {t('breaks.approve')}
            </Button>
            <Button look="secondary" size="small" onClick={() => onDecide('reject')}>
              {t('breaks.reject')}
            </Button>
          </>
        )}
      </div>
    </li>
  );
}

/** Where statements of banks and the books differ: found by a machine, settled by two people. */
export function BreaksPage() {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  const problemText = useProblemText();
  const { api, queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const [shown, setShown] = useState<Shown>('unresolved');
  const [proposing, setProposing] = useState<StatementBreak>();
  const [deciding, setDeciding] = useState<{ found: StatementBreak; verdict: Verdict }>();
  const query = useInfiniteQuery(useControlQueries().breaks(shown));
  const rows = query.data?.pages.flatMap(({ items }) => items);
  const changeable = may(me, 'give-back');
  return (
    <div className="max-w-4xl">
      <PageHeader
        title={app('nav.breaks')}
        description={t('breaks.about')}
        actions={changeable && <FetchButton />}
      />
      <div className="grid gap-6">
        <Suspense fallback={<Skeleton className="h-48 rounded-card" />}>
          <BankAccounts />
        </Suspense>
        <div className="max-w-60">
          <SelectField
            label={t('show')}
            value={shown}
            onChange={({ target }) => setShown(target.value as Shown)}
          >
            {SHOWN.map((one) => (
              <option key={one} value={one}>
                {t(`breaks.status.${one}`)}
              </option>
            ))}
          </SelectField>
        </div>
        <Card className="overflow-hidden">
          <h2 className="px-5 pt-4 pb-1 text-lg font-bold">{t('breaks.queue')}</h2>
          {query.error && <Notice tone="danger">{problemText(query.error)}</Notice>}
          {query.isPending && <ListSkeleton />}
          {rows?.length === 0 && (
            <EmptyState
              icon={<Scale className="size-6" aria-hidden />}
              title={t('breaks.none')}
              text={t('breaks.noneText')}
            />
          )}
          <ul className="divide-y divide-line">
            {rows?.map((found) => (
              <BreakRow
                key={found.id}
                found={found}
                mine={found.proposedBy === me.id}
                changeable={changeable}
                onPropose={() => setProposing(found)}
                onDecide={(verdict) => setDeciding({ found, verdict })}
              />
            ))}
          </ul>
          <LoadMore query={query}>{t('more')}</LoadMore>
        </Card>
      </div>
      <Suspense>
        {proposing && (
          <BreakProposalDialog found={proposing} onClose={() => setProposing(undefined)} />
        )}
      </Suspense>
      {deciding && (
        <NoteDialog
          title={t(`breaks.ask.${deciding.verdict}`)}
          description={deciding.found.note ?? ''}
          confirm={t(`breaks.${deciding.verdict}`)}
          danger={deciding.verdict === 'reject'}
          send={(body) =>
            api.call(`POST /v1/admin/breaks/{id}/${deciding.verdict}`, {
              path: { id: deciding.found.id },
              body,
            })
          }
          done={t(`breaks.done.${deciding.verdict}`)}
          changes={['admin']}
          onClose={() => setDeciding(undefined)}
        />
      )}
    </div>
  );
}
