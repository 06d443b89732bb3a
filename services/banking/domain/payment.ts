import type { RefusalCode } from '@florin/contracts';
import type { Currency, Minor, TransactionId, WalletId } from '@florin/kernel';

/** A charge brings money from the bank (deposit), a payout sends money to it (withdrawal). */
export type PaymentKind = 'charge' | 'payout';

/**
 * Where a payment stands.
 *
 * - `requested`: the bank surely has not executed it, and may be asked.
 * - `asked`: a request may be on its way. Written before it leaves, so that a crash is noticed.
 * - `unknown`: the bank may have executed it. Only its status endpoint tells.
 * - `settled`: the bank has executed it. · `declined`: the bank said no.
 * - `abandoned`: nobody waits for it any more, and the bank surely has not executed it.
 * - `done`: the ledger has made the outcome final.
 *
 * The outcomes stay until the ledger confirms them, because a message to it may be lost.
 */
export const PAYMENT_STATES = [
  'requested',
  'asked',
  'unknown',
  'settled',
  'declined',
  'abandoned',
  'done',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** What never changes about a payment. The bank's idempotency key is the transaction id. */
export interface PaymentOrder {
  readonly transactionId: TransactionId;
  readonly kind: PaymentKind;
  readonly bank: string;
  readonly account: string;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly walletId: WalletId;
  /** The trace of the order that asks for it, where one is recorded. */
  readonly traceparent: string | null;
}

/** What the saga has come to. */
export interface PaymentProgress {
  readonly state: PaymentState;
  /** How often the bank was asked to execute it. */
  readonly attempts: number;
  /** How often the present state was looked at without getting any further. */
  readonly rounds: number;
  /** When a request went out whose answer never came: until it has surely died it may arrive. */
  readonly exposedAtMs: number | null;
  /** Until when it is worth starting at all. */
  readonly deadlineAtMs: number | null;
  readonly failureCode: RefusalCode | null;
  readonly bankReference: string | null;
  /** The ledger was told the outcome, and has not confirmed it yet. */
  readonly announced: boolean;
}

export type Payment = PaymentOrder & PaymentProgress;

/** The bank has the next word in these states, the ledger in the other open ones. */
export const BANK_STATES = ['requested', 'asked', 'unknown'] as const satisfies PaymentState[];
export const OUTCOME_STATES = [
  'settled',
  'declined',
  'abandoned',
] as const satisfies PaymentState[];
export type OutcomeState = (typeof OUTCOME_STATES)[number];

export const isOutcome = (state: PaymentState): state is OutcomeState =>
  (OUTCOME_STATES as readonly PaymentState[]).includes(state);
