import { z } from 'zod';
import { envelopeOf } from './envelope.ts';
import { entry, transaction, wallet } from './transaction.ts';

/**
 * What the ledger tells everybody after commit. `sequence` counts a partition's events without
 * gaps, so a consumer that remembers the last one per partition applies each event once.
 */
const transactionEvent = z.object({
  partition: z.number().int().nonnegative(),
  sequence: z.number().int().positive(),
  transaction,
  /** What it moved: transaction and time are those of the event. */
  entries: z.array(entry.omit({ transactionId: true, createdAt: true })),
});
export type TransactionEventData = z.infer<typeof transactionEvent>;

const walletEvent = z.object({
  partition: z.number().int().nonnegative(),
  sequence: z.number().int().positive(),
  wallet,
});
export type WalletEventData = z.infer<typeof walletEvent>;

export const EVENT_TYPES = {
  'transaction-pending': 'florin.transaction-pending.v1',
  'transaction-held': 'florin.transaction-held.v1',
  'transaction-completed': 'florin.transaction-completed.v1',
  'transaction-failed': 'florin.transaction-failed.v1',
  /** A hold was released, and nothing of it had been captured. */
  'transaction-reversed': 'florin.transaction-reversed.v1',
  'wallet-opened': 'florin.wallet-opened.v1',
  'wallet-status-changed': 'florin.wallet-status-changed.v1',
  'wallet-overdraft-changed': 'florin.wallet-overdraft-changed.v1',
} as const;

/** The last token of an event's subject. */
export type EventName = keyof typeof EVENT_TYPES;

export const ledgerEvent = z.discriminatedUnion('type', [
  envelopeOf(EVENT_TYPES['transaction-pending'], transactionEvent),
  envelopeOf(EVENT_TYPES['transaction-held'], transactionEvent),
  envelopeOf(EVENT_TYPES['transaction-completed'], transactionEvent),
  envelopeOf(EVENT_TYPES['transaction-failed'], transactionEvent),
  envelopeOf(EVENT_TYPES['transaction-reversed'], transactionEvent),
  envelopeOf(EVENT_TYPES['wallet-opened'], walletEvent),
  envelopeOf(EVENT_TYPES['wallet-status-changed'], walletEvent),
  envelopeOf(EVENT_TYPES['wallet-overdraft-changed'], walletEvent),
]);
export type LedgerEvent = z.infer<typeof ledgerEvent>;

/** What one message of the event stream holds. */
export const ledgerEventBatch = z.array(ledgerEvent).min(1);

/** A bank's circuit breaker changed state. Sent as core message and kept in the breakers bucket. */
export const breakerState = z.object({
  bank: z.string(),
  state: z.enum(['closed', 'half-open', 'open']),
  since: z.string(),
  /** When a request may be tried again. */
  retryAfterSeconds: z.number().int().nonnegative().optional(),
});
export type BreakerState = z.infer<typeof breakerState>;
