import { bankOf, type Transaction } from '@florin/contracts';
import { asTransactionId, asWalletId } from '@florin/kernel';
import type { Payment, PaymentKind } from './payment.ts';
import type { PaymentPolicy } from './policy.ts';

const KIND_OF = { deposit: 'charge', withdrawal: 'payout' } as const satisfies Partial<
  Record<Transaction['type'], PaymentKind>
>;

export interface Opening {
  readonly nowMs: number;
  readonly policy: PaymentPolicy;
  readonly isBank: (name: string) => boolean;
  readonly traceparent?: string | null;
}

/**
 * The payment that a pending deposit or a held withdrawal asks for; undefined when no bank takes
 * part in it, or not before a person has approved it, which will be told. A bank that nobody knows
 * has declined.
 */
export function openPayment(
  transaction: Transaction,
  { nowMs, policy, isBank, traceparent = null }: Opening,
): Payment | undefined {
  const { type, bankAccount, review } = transaction;
  if (review?.status === 'open') return undefined;
  if ((type !== 'deposit' && type !== 'withdrawal') || bankAccount === undefined) return undefined;
  const kind = KIND_OF[type];
  const bank = bankOf(bankAccount);
  const account = bankAccount.slice(bank.length + 1) || bank;
  const known = isBank(bank);
  const patienceMs = policy.deadlineMs[kind];
  return {
    transactionId: asTransactionId(transaction.id),
    kind,
    bank,
    account,
    amount: BigInt(transaction.amount),
    currency: transaction.currency,
    walletId: asWalletId(transaction.walletId),
    traceparent,
    state: known ? 'requested' : 'declined',
    attempts: 0,
    rounds: 0,
    exposedAtMs: null,
    deadlineAtMs: patienceMs === null ? null : nowMs + patienceMs,
    failureCode: known ? null : 'bank-declined',
    bankReference: null,
    announced: false,
  };
}
