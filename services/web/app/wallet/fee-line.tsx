import { FlorinProblem, type Input } from '@florin/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { Skeleton } from '../ui/surfaces.tsx';
import { Amount } from './amount.tsx';

type Paying =
  'POST /v1/transfers' | 'POST /v1/deposits' | 'POST /v1/withdrawals' | 'POST /v1/conversions';

interface FeeLineProps<O extends Paying> {
  operation: O;
  body: NonNullable<Input<O>['body']>;
}

/** What a payment would cost and leave, asked of the ledger's own rules before anything is done. */
export function FeeLine<O extends Paying>({ operation, body }: FeeLineProps<O>) {
  const { t } = useTranslation();
  const { api } = useParts();
  const problemText = useProblemText();
  const { data, error, isPending } = useQuery({
    queryKey: ['dry-run', operation, body],
    queryFn: ({ signal }) => api.dryRun<Paying>(operation, { body, signal }),
    gcTime: 0,
  });
  if (isPending) return <Skeleton className="h-20" />;
  if (error instanceof FlorinProblem && error.status === 422) {
    return <p className="text-sm font-medium text-danger">{problemText(error)}</p>;
  }
  // What it can not tell beforehand is told by the payment itself.
  if (data === undefined) return null;
  const { fee, balances, currency } = data;
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 rounded-control bg-sunken p-4 text-sm">
      <dt className="text-muted">{t(`pay.fee.${fee?.paidBy ?? 'sender'}`)}</dt>
      <dd className="text-right font-semibold">
        {fee === undefined || fee.amount === '0' ? (
          t('pay.free')
        ) : (
          <Amount minor={fee.amount} currency={currency} />
        )}
      </dd>
      {balances !== undefined && (
        <>
          <dt className="text-muted">{t('pay.afterwards')}</dt>
          <dd className="text-right font-semibold">
            <Amount minor={balances.available} currency={currency} />
          </dd>
        </>
      )}
    </dl>
  );
}
