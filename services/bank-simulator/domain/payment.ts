import type { Currency, Minor } from '@florin/kernel';
import type { Verdict } from './behaviour.ts';

/** charge: money comes from the account at the bank. payout: money goes to it. */
export const PAYMENT_KINDS = ['charge', 'payout'] as const;
export type PaymentKind = (typeof PAYMENT_KINDS)[number];

/** What a bank is asked to do. */
export interface PaymentOrder {
  readonly idempotencyKey: string;
  readonly kind: PaymentKind;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly account: string;
}

/** What a bank has written down. The verdict never changes, it only takes until then to stand. */
export interface Payment extends PaymentOrder {
  readonly paymentId: string;
  readonly verdict: Verdict;
  readonly standsAtMs: number;
}

export type PaymentStatus = Verdict | 'pending';

/** The status follows from the time alone, so a restart cannot lose a settlement under way. */
export const statusAt = (payment: Payment, nowMs: number): PaymentStatus =>
  nowMs < payment.standsAtMs ? 'pending' : payment.verdict;

/** Whether a repeated idempotency key really asks for the same payment. */
export const isSameOrder = (one: PaymentOrder, other: PaymentOrder): boolean =>
  one.kind === other.kind &&
  one.amount === other.amount &&
  one.currency === other.currency &&
  one.account === other.account;
