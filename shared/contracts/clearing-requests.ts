import { z } from 'zod';
import { currency, id, minorText, timestamp } from './schema-fields.ts';
import { TRANSACTION_TYPES } from './transaction.ts';

/** A part of a bank’s clearing account: each lane has one of its own. */
export const clearingAccount = z.object({
  walletId: id,
  bank: z.string(),
  currency,
  balance: minorText.meta({ description: 'Below zero by what the bank holds for us' }),
  sequence: z.number().int().nonnegative().meta({ description: 'Of its last entry' }),
});

export const clearingEntry = z.object({
  walletId: id,
  sequence: z.number().int().positive(),
  transactionId: id,
  /** Of a reversal what it reverses: that is what the bank knows it by. */
  relatedTransactionId: id.optional(),
  type: z.enum(TRANSACTION_TYPES),
  amount: minorText.meta({ description: 'Below zero where the clearing account was debited' }),
  createdAt: timestamp,
});
export type ClearingEntry = z.infer<typeof clearingEntry>;

/** What banking asks of the ledger to compare its books with those of the banks. */
export const CLEARING_REQUESTS = {
  listClearingAccounts: {
    subject: 'rpc.ledger.list-clearing-accounts',
    request: z.object({}),
    response: z.object({
      /** Entries up to then are in what the accounts say. */
      readAt: timestamp,
      accounts: z.array(clearingAccount),
    }),
  },
  /** In the order in which they were made, without gaps. */
  readClearingEntries: {
    subject: 'rpc.ledger.read-clearing-entries',
    request: z.object({
      walletId: id,
      after: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(1000),
    }),
    response: z.object({ entries: z.array(clearingEntry) }),
  },
} as const;
