import { FlorinProblem, type Input } from '@florin/client';
import { skipToken, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { Skeleton } from '../ui/surfaces.tsx';
import { Amount } from './amount.tsx';

type Paying =
  'POST /v1/transfers' | 'POST /v1/deposits' | 'POST /v1/withdrawals' | 'POST /v1/conversions';

interface FeeLineProps<O extends Paying> {
  operation: O;
  /** Undefined while it is being typed: its place is kept. */
  body: NonNullable<Input<O>['body']> | undefined;
}

/** What a payment would cost and leave, asked of the ledger's own rules before anything is done. */
export function FeeLine<O extends Paying>({ operation, body }: FeeLineProps<O>) {
  const { t } = useTranslation();
  const { api } = useParts();
  const problemText = useProblemText();
  const { data, error, isLoading } = useQuery({
    queryKey: ['dry-run', operation, body],
    queryFn: body ? ({ signal }) => api.dryRun<Paying>(operation, { body, signal }) : skipToken,
    gcTime: 0,
  });
  if (isLoading) return <Skeleton className="h-19" />;
  if (error instanceof FlorinProblem && error.status === 422) {
    return <p className="min-h-19 text-sm font-medium text-danger">{problemText(error)}</p>;
  }
  // What it can not tell beforehand is told by the payment itself.
  const { fee, balances } = data ?? {};
  const money = (minor: string | undefined): ReactNode =>
    data === undefined || minor === undefined ? (
      '–'
    ) : (
      <Amount minor={minor} currency={data.currency} />
    );
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 rounded-control bg-sunken p-4 text-sm">
      <dt className="text-muted">{t(`pay.fee.${fee?.paidBy ?? 'sender'}`)}</dt>
      <dd className="text-right font-semibold">
        {data && (fee?.amount ?? '0') === '0' ? t('pay.free') : money(fee?.amount)}
      </dd>
      <dt className="text-muted">{t('pay.afterwards')}</dt>
      <dd className="text-right font-semibold">{money(balances?.available)}</dd>
    </dl>
  );
}
