import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Info } from 'lucide-react';
import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TransactionView } from '../api/answers.ts';
import { codeOf } from '../api/api-client.ts';
import { useParts } from '../api/parts.ts';
import { formatMoment } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { FaultPage, NotFoundPage, PagePending } from '../shell/fallbacks.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Card, Notice, Skeleton } from '../ui/surfaces.tsx';
import { Amount } from './amount.tsx';
import { describeTransaction, isUnderWay } from './describe-transaction.ts';
import { useReasonText } from './reason-text.ts';
import { shortId, StandingPill } from './transaction-row.tsx';
import { useMyWallets } from './use-my-wallets.ts';

const TransactionActions = lazy(() => import('./transaction-actions.tsx'));

const POLL_MS = 2000;

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-0.5 py-3 sm:grid-cols-[11rem_1fr] sm:gap-4">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="min-w-0 text-sm font-medium wrap-anywhere">{children}</dd>
    </div>
  );
}

function WalletName({ id }: { id: string }) {
  const { t } = useTranslation();
  const { find } = useMyWallets();
  const wallet = find(id);
  if (wallet === undefined) return t('tx.wallet', { id: shortId(id) });
  return (
    <Link
      to="/wallets/$walletId"
      params={{ walletId: id }}
      className="font-semibold text-brand underline"
    >
      {wallet.name}
    </Link>
  );
}

/** What was written into the books of one wallet. */
function Entries({ transaction, walletId }: { transaction: TransactionView; walletId: string }) {
  const { t } = useTranslation();
  const { queries } = useParts();
  const { data: entries, isPending, isError } = useQuery(queries.entriesOf(transaction, walletId));
  if (transaction.completedAt === undefined || isError) return null;
  if (isPending) return <Skeleton className="h-28 rounded-card" />;
  if (entries.length === 0) return null;
  return (
    <Card className="overflow-x-auto p-5">
      <h2 className="mb-2 text-lg font-bold">{t('tx.entries')}</h2>
      <table className="w-full text-left text-sm">
        <thead className="text-muted">
          <tr>
            <th className="py-2 pr-4 font-medium">{t('tx.sequence')}</th>
            <th className="py-2 pr-4 font-medium">{t('tx.direction')}</th>
            <th className="py-2 pr-4 text-right font-medium">{t('pay.amount')}</th>
            <th className="py-2 text-right font-medium">{t('tx.balanceAfter')}</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {entries.map(({ id, sequence, direction, amount, balanceAfter }) => (
            <tr key={id}>
              <td className="tabular py-2.5 pr-4">{sequence}</td>
              <td className="py-2.5 pr-4">{t(`tx.entry.${direction}`)}</td>
              <td className="py-2.5 pr-4 text-right">
                <Amount
                  minor={direction === 'debit' ? `-${amount}` : amount}
                  currency={transaction.currency}
                  signed
                />
              </td>
              <td className="py-2.5 text-right">
                <Amount minor={balanceAfter} currency={transaction.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** What has become of parts of it, and what it became in another currency. */
function Parts({ transaction }: { transaction: TransactionView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { currency, hold, reversedAmount, conversion, relatedTransactionIds = [] } = transaction;
  const amounts = [
    ['tx.given', reversedAmount],
    ['tx.captured', hold?.capturedAmount],
    ['tx.released', hold?.releasedAmount],
  ] as const;
  return (
    <>
      {amounts.map(
        ([name, minor]) =>
          minor !== undefined &&
          minor !== '0' && (
            <Fact key={name} name={t(name)}>
              <Amount minor={minor} currency={currency} />
            </Fact>
          ),
      )}
      {transaction.fee !== undefined && (
        <Fact name={t(`pay.fee.${transaction.fee.paidBy}`)}>
          <Amount minor={transaction.fee.amount} currency={currency} />
        </Fact>
      )}
      {hold !== undefined && transaction.status === 'held' && (
        <Fact name={t('tx.until')}>{formatMoment(hold.expiresAt, locale)}</Fact>
      )}
      {conversion !== undefined && (
        <>
          <Fact name={t('tx.converted')}>
            <Amount minor={conversion.toAmount} currency={conversion.toCurrency} />
          </Fact>
          <Fact name={t('tx.rate')}>{conversion.rate}</Fact>
        </>
      )}
      {relatedTransactionIds.length > 0 && (
        <Fact name={t('tx.followed')}>
          <span className="flex flex-wrap gap-x-3">
            {relatedTransactionIds.map((id) => (
              <Link
                key={id}
                to="/transactions/$transactionId"
                params={{ transactionId: id }}
                className="text-brand underline"
              >
                {shortId(id)}
              </Link>
            ))}
          </span>
        </Fact>
      )}
    </>
  );
}

function Details({ transaction }: { transaction: TransactionView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { isMine } = useMyWallets();
  const reasonText = useReasonText();
  const { id, description, currency, walletId, counterpartyWalletId, status } = transaction;
  const {
    kind,
    signed,
    voided,
    direction,
    walletId: mine,
  } = describeTransaction(transaction, isMine);
  const reason = reasonText(transaction);
  const failed = status === 'failed';
  return (
    <div className="mx-auto grid max-w-2xl gap-6">
      <header className="grid justify-items-center gap-2 text-center">
        <h1 className="text-lg font-bold">{description || t(`tx.kind.${kind}`)}</h1>
        <Amount
          minor={signed}
          currency={currency}
          signed={direction === 'in'}
          className={joinClasses('text-3xl font-bold', voided && 'text-muted line-through')}
        />
        <StandingPill transaction={transaction} />
      </header>
      {reason !== undefined && (
        <Notice
          tone={failed ? 'danger' : 'warn'}
          icon={<Info className="mt-0.5 size-5 shrink-0" aria-hidden />}
          title={t(failed ? 'tx.whyFailed' : 'tx.whyHeld')}
        >
          {reason}
        </Notice>
      )}
      <Suspense fallback={<span className="block min-h-11" />}>
        <TransactionActions transaction={transaction} />
      </Suspense>
      <Card className="px-5 py-2">
        <dl className="divide-y divide-line">
          <Fact name={t('tx.kindName')}>{t(`tx.kind.${kind}`)}</Fact>
          <Fact
            name={t(
              direction === 'in' && counterpartyWalletId === undefined
                ? 'tx.into'
                : 'tx.fromWallet',
            )}
          >
            <WalletName id={walletId} />
          </Fact>
          {counterpartyWalletId !== undefined && (
            <Fact name={t('tx.toWallet')}>
              <WalletName id={counterpartyWalletId} />
            </Fact>
          )}
          <Fact name={t('tx.createdAt')}>{formatMoment(transaction.createdAt, locale)}</Fact>
          {transaction.completedAt !== undefined && (
            <Fact name={t('tx.completedAt')}>{formatMoment(transaction.completedAt, locale)}</Fact>
          )}
          {transaction.relatedTransactionId !== undefined && (
            <Fact name={t('tx.related')}>
              <Link
                to="/transactions/$transactionId"
                params={{ transactionId: transaction.relatedTransactionId }}
                className="text-brand underline"
              >
                {shortId(transaction.relatedTransactionId)}
              </Link>
            </Fact>
          )}
          <Parts transaction={transaction} />
          {Object.entries(transaction.metadata ?? {}).map(([name, value]) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
          <Fact name={t('tx.id')}>{id}</Fact>
        </dl>
      </Card>
      {isMine(mine) && !voided && <Entries transaction={transaction} walletId={mine} />}
    </div>
  );
}

export function TransactionPage() {
  const { transactionId } = useParams({ from: '/app/transactions/$transactionId' });
  const { queries } = useParts();
  const { data, error, refetch } = useQuery({
    ...queries.transaction(transactionId),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? POLL_MS : false),
  });
  if (data) return <Details transaction={data} />;
  if (codeOf(error) === 'not-found') return <NotFoundPage />;
  if (error) return <FaultPage error={error} reset={() => void refetch()} />;
  return <PagePending />;
}
