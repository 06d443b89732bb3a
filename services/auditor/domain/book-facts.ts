import { EVENT_TYPES } from '@florin/contracts';
import { z } from 'zod';
import type { Break } from './break.ts';
import type { BookEntry } from './fold-entries.ts';

/** A wallet that somebody opened. */
export interface OpenedWallet {
  walletId: string;
  currency: string;
}

/** What an event of the ledger says about the books. */
export interface BookFacts {
  opened: OpenedWallet[];
  entries: BookEntry[];
  /** The transaction's final outcome, where this is one. */
  outcome: { transactionId: string; eventId: string } | undefined;
  breaks: Break[];
}

const minor = z.string().transform(BigInt);

const bookEvent = z.object({
  id: z.string(),
  type: z.string(),
  data: z.object({
    wallet: z.object({ id: z.string(), currency: z.string() }).optional(),
    transaction: z
      .object({ id: z.string(), walletId: z.string(), currency: z.string() })
      .optional(),
    entries: z
      .array(
        z.object({
          walletId: z.string(),
          sequence: z.number(),
          direction: z.enum(['debit', 'credit']),
          amount: minor,
          balanceAfter: minor,
          overdraftLimit: minor.optional(),
          // Only where it is not the transaction's.
          currency: z.string().optional(),
        }),
      )
      .optional(),
  }),
});

const FINAL: readonly string[] = [
  EVENT_TYPES['transaction-completed'],
  EVENT_TYPES['transaction-failed'],
  EVENT_TYPES['transaction-reversed'],
];
/** Types of the events that end a transaction, each at most once. */
export const FINAL_TYPES = FINAL;

const NOTHING: BookFacts = { opened: [], entries: [], outcome: undefined, breaks: [] };

/** I1: what the entries of one transaction come to, by currency. */
function unbalanced(transactionId: string, entries: readonly BookEntry[]): Break[] {
  const sums = new Map<string, bigint>();
  for (const { currency, delta } of entries) {
    sums.set(currency, (sums.get(currency) ?? 0n) + delta);
  }
  return [...sums]
    .filter(([, sum]) => sum !== 0n)
    .map(([currency, sum]) => ({
      key: `I1:${transactionId}:${currency}`,
      invariant: 'I1 entries of a transaction sum to zero per currency',
      detail: `transaction ${transactionId} is off by ${sum} ${currency}`,
    }));
}

/** Reads what an event says about money. Nothing, for events that say nothing of it. */
export function bookFactsOf(event: unknown): BookFacts {
  const read = bookEvent.safeParse(event);
  if (!read.success) return NOTHING;
  const { id: eventId, type, data } = read.data;
  if (type === EVENT_TYPES['wallet-opened'] && data.wallet !== undefined) {
    const { id: walletId, currency } = data.wallet;
    return { ...NOTHING, opened: [{ walletId, currency }] };
  }
  if (data.transaction === undefined) return NOTHING;
  const { id: transactionId, currency } = data.transaction;
  const entries = (data.entries ?? []).map(({ direction, amount, ...entry }): BookEntry => ({
    walletId: entry.walletId,
    sequence: entry.sequence,
    currency: entry.currency ?? currency,
    delta: direction === 'debit' ? -amount : amount,
    balanceAfter: entry.balanceAfter,
    ...(entry.overdraftLimit === undefined ? {} : { overdraftLimit: entry.overdraftLimit }),
    transactionId,
  }));
  return {
    opened: [],
    entries,
    outcome: FINAL.includes(type) ? { transactionId, eventId } : undefined,
    breaks: unbalanced(transactionId, entries),
  };
}
