import { z } from 'zod';
import { BULK_ITEMS_MAX, laneMessage, outcome } from './lane-messages.ts';
import { currency, id, metadata, minorText, movedMinorText, timestamp } from './schema-fields.ts';
import {
  entry,
  REVIEW_STATUSES,
  statementEntry,
  transaction,
  TRANSACTION_STATUSES,
  TRANSACTION_TYPES,
  wallet,
} from './transaction.ts';

/**
 * What may be asked of the ledger over request/reply. Reads only: whatever changes a wallet goes
 * through its lane.
 */
const limit = z.number().int().min(1).max(100);
const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const transactionFilter = z.object({
  status: z.enum(TRANSACTION_STATUSES).optional(),
  type: z.enum(TRANSACTION_TYPES).optional(),
  from: timestamp.optional(),
  to: timestamp.optional(),
  metadata: metadata.optional(),
  currency: currency.optional(),
  /** Minor units, both included. */
  minAmount: movedMinorText.optional(),
  maxAmount: movedMinorText.optional(),
  /** Part of the description, in any case. */
  text: z.string().min(1).max(100).optional(),
  /** Wallets that the text stands for, too: whoever has the address that was searched for. */
  textWalletIds: z.array(id).max(100).optional(),
  /** One of these is on the other side. */
  counterpartyIds: z.array(id).max(100).optional(),
});
export type TransactionFilter = z.infer<typeof transactionFilter>;

export const accountPeriod = z.object({
  name: z.string(),
  currency,
  first: z.number().int().positive(),
  last: z.number().int().nonnegative(),
  openingBalance: minorText,
  closingBalance: minorText,
});
export type AccountPeriod = z.infer<typeof accountPeriod>;

export const LEDGER_REQUESTS = {
  /** Unknown ids are simply absent from the answer. */
  getWallets: {
    subject: 'rpc.ledger.get-wallets',
    request: z.object({ ids: z.array(id).min(1).max(1000) }),
    response: z.object({ wallets: z.array(wallet) }),
  },
  /** An owner's wallets, newest first. Without owner: everybody's. */
  listWallets: {
    subject: 'rpc.ledger.list-wallets',
    request: z.object({
      ownerId: id.optional(),
      currency: currency.optional(),
      cursor: z.string().max(200).optional(),
      limit,
    }),
    response: page(wallet),
  },
  /** The wallet as it was at a time: balances of the last entry up to then. Null before it. */
  getWalletAt: {
    subject: 'rpc.ledger.get-wallet-at',
    request: z.object({ id, at: timestamp }),
    response: z.object({ wallet: wallet.nullable() }),
  },
  listEntries: {
    subject: 'rpc.ledger.list-entries',
    request: z.object({ walletId: id, cursor: z.string().max(200).optional(), limit }),
    response: page(entry),
  },
  /**
   * A wallet's entries from a moment on (included) up to another (not), as the books are now: their
   * sequences, and the balances at both ends. `last` is before `first` where there are none.
   */
  getPeriod: {
    subject: 'rpc.ledger.get-period',
    request: z.object({ walletId: id, from: timestamp.optional(), to: timestamp.optional() }),
    response: z.object({ period: accountPeriod.nullable() }),
  },
  /** Entries of a wallet in the order in which they were made, with what they were made for. */
  readEntries: {
    subject: 'rpc.ledger.read-entries',
    request: z.object({
      walletId: id,
      first: z.number().int().positive(),
      last: z.number().int().positive(),
      limit: z.number().int().min(1).max(1000),
    }),
    response: z.object({ entries: z.array(statementEntry) }),
  },
  /** With what followed from it. */
  getTransaction: {
    subject: 'rpc.ledger.get-transaction',
    request: z.object({ id }),
    response: z.object({ transaction: transaction.nullable(), clientId: z.string().nullable() }),
  },
  /**
   * Transactions that touch any of the wallets, of an owner's, or of all there are, newest first.
   * A page ends early where too many were looked through: its cursor goes on from there.
   */
  listTransactions: {
    subject: 'rpc.ledger.list-transactions',
    request: z.object({
      walletIds: z.array(id).max(100).optional(),
      ownerId: id.optional(),
      filter: transactionFilter,
      cursor: z.string().max(200).optional(),
      limit,
    }),
    response: page(transaction),
  },
  /** Transactions that wait, or waited, for a person; the longest waiting first. */
  listReviews: {
    subject: 'rpc.ledger.list-reviews',
    request: z.object({
      status: z.enum(REVIEW_STATUSES).optional(),
      cursor: z.string().max(200).optional(),
      limit,
    }),
    response: page(transaction),
  },
  /** The parts of a payment to several, as they were asked for; of one refused, that part. */
  getSplit: {
    subject: 'rpc.ledger.get-split',
    request: z.object({ id }),
    response: z.object({ transactions: z.array(transaction) }),
  },
  /**
   * What would come of messages of a lane if they were decided now, one after the other and by the
   * same rules. Nothing is written, nobody hears of it. Of what can never be decided no outcome.
   */
  simulate: {
    subject: 'rpc.ledger.simulate',
    request: z.object({ messages: z.array(laneMessage).min(1).max(BULK_ITEMS_MAX) }),
    response: z.object({ outcomes: z.array(outcome) }),
  },
  /**
   * What conversions have left open: more than 0 the platform holds, less it owes. What it cost is
   * told in the currency that the platform counts in, at the mid rates of when it came about.
   */
  listPositions: {
    subject: 'rpc.ledger.list-positions',
    request: z.object({}),
    response: z.object({
      positions: z.array(
        z.object({
          currency,
          amount: minorText,
          baseCurrency: currency,
          cost: minorText,
          conversions: z.number().int().nonnegative(),
        }),
      ),
    }),
  },
  /** The books as a whole: sums per currency (must be 0) and every broken invariant found. */
  verifyBooks: {
    subject: 'rpc.ledger.verify-books',
    request: z.object({}),
    response: z.object({
      ok: z.boolean(),
      checkedAt: timestamp,
      breaks: z.array(z.object({ invariant: z.string(), detail: z.string() })),
    }),
  },
} as const;
