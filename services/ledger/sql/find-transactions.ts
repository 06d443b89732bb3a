import { transactionColumns } from './transaction-columns.ts';

/**
 * Which of these ids were decided before. No lock: a transaction is only ever changed by the lane
 * of its wallet, and whoever runs this holds that lane.
 */
export const findTransactions = {
  name: 'find-transactions',
  text: `SELECT ${transactionColumns} FROM transactions t WHERE t.id = ANY ($1::uuid[])`,
};

/** Deposits that these wallets still await. Few: asked only for wallets that are to be closed. */
export const findPendingTransactions = {
  name: 'find-pending-transactions',
  text: `
    SELECT ${transactionColumns} FROM transactions t
     WHERE t.wallet_id = ANY ($1::uuid[]) AND t.status = 'pending'`,
};
