import { FlorinProblem, type KeyedOperation } from '@florin/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TransactionView, WalletView } from '../api/answers.ts';
import type { Attempt, Order } from '../api/payment-attempts.ts';
import { useParts } from '../api/parts.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { showToast } from '../ui/toast-store.ts';
import { joltWallet } from './jolted-wallets.ts';
import { expectBalances, type ExpectedPayment } from './expect-balances.ts';

export type PaymentState =
  | { step: 'form' }
  | { step: 'sending'; payment: ExpectedPayment }
  | { step: 'answered'; payment: ExpectedPayment; transaction: TransactionView }
  | { step: 'refused'; payment: ExpectedPayment; reason: string; transactionId?: string }
  | { step: 'unanswered'; payment: ExpectedPayment };

const KINDS = {
  'POST /v1/transfers': 'transfer',
  'POST /v1/deposits': 'deposit',
  'POST /v1/withdrawals': 'withdrawal',
  'POST /v1/conversions': 'conversion',
} as const satisfies Partial<Record<KeyedOperation, ExpectedPayment['kind']>>;
type Paying = keyof typeof KINDS;

/** What an attempt from before a reload was about. */
const paymentOf = ({ operation, body = {} }: Attempt): ExpectedPayment => ({
  walletId: String(body['fromWalletId'] ?? body['walletId']),
  toWalletId: body['toWalletId'] as string | undefined,
  amount: typeof body['amount'] === 'string' ? body['amount'] : '0',
  kind: KINDS[operation as Paying],
});

/**
 * One form that moves money. Balances change at once and are put back, visibly, when the answer is
 * no; whatever happens to the connection, the payment happens once.
 */
export function usePayment(form: string) {
  const { attempts, queries } = useParts();
  const queryClient = useQueryClient();
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [state, setState] = useState<PaymentState>({ step: 'form' });
  const { data: me } = useQuery(queries.me());
  const name = `${me?.id ?? ''}.${form}`;
  const walletsKey = queries.wallets().queryKey;

  async function refresh(): Promise<void> {
    await Promise.all(
      ['wallets', 'wallet', 'transactions', 'entries'].map((key) =>
        queryClient.invalidateQueries({ queryKey: [key] }),
      ),
    );
  }

  /** What the cache shows in advance; the answer, whichever, replaces it. */
  async function anticipate(payment: ExpectedPayment): Promise<WalletView[] | undefined> {
    await queryClient.cancelQueries({ queryKey: walletsKey });
    const before = queryClient.getQueryData(walletsKey);
    if (before) queryClient.setQueryData(walletsKey, expectBalances(before, payment));
    return before;
  }

  function putBack(before: WalletView[] | undefined, { walletId, kind }: ExpectedPayment): void {
    if (before) queryClient.setQueryData(walletsKey, before);
    if (kind !== 'deposit') joltWallet(walletId);
  }

  async function follow(
    payment: ExpectedPayment,
    ask: () => Promise<TransactionView | undefined>,
  ): Promise<void> {
    setState({ step: 'sending', payment });
    const before = await anticipate(payment);
    try {
      const transaction = await ask();
      setState(transaction ? { step: 'answered', payment, transaction } : { step: 'form' });
    } catch (error) {
      putBack(before, payment);
      if (error instanceof FlorinProblem) {
        const reason = problemText(error);
        const { transaction } = error.problem;
        const link = transaction === undefined ? {} : { transactionId: transaction.id };
        setState({ step: 'refused', payment, reason, ...link });
        showToast({ tone: 'danger', title: t(`pay.refused.${payment.kind}`), text: reason });
      } else {
        setState({ step: 'unanswered', payment });
      }
    }
    await refresh();
  }

  return {
    state,
    /** Begun before a reload or a lost connection, and unanswered. */
    unsettled: me === undefined ? undefined : attempts.pending(name),
    submit: <O extends Paying>(operation: O, order: Order<O>, payment: ExpectedPayment) =>
      follow(payment, () => attempts.submit(name, operation, order)),
    /** Asks for the answer that is missing; nothing is paid anew. */
    async resume(): Promise<void> {
      const attempt = attempts.pending(name);
      const ask = () => attempts.resume(name) as Promise<TransactionView | undefined>;
      if (attempt) await follow(paymentOf(attempt), ask);
    },
    abandon(): void {
      attempts.abandon(name);
      setState({ step: 'form' });
    },
    again: (): void => setState({ step: 'form' }),
  };
}

export type PaymentForm = ReturnType<typeof usePayment>;
