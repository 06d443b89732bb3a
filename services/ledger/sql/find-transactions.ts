import { transactionColumns } from './transaction-columns.ts';

/**
 * Which of these ids were decided before. No lock: a transaction is only ever changed by the lane
 * of its wallet, and whoever runs this holds that lane.
 */
export const findTransactions = {
  name: 'find-transactions',
  text: `SELECT ${transactionColumns} FROM transactions t WHERE t.id = ANY ($1::uuid[])`,
};

/**
 * What is still open of these wallets' own transactions. Few: asked only for wallets that are to be
 * closed.
 */
export const findOpenTransactions = {
  name: 'find-open-transactions',
  text: `
    SELECT ${transactionColumns} FROM transactions t
     WHERE t.wallet_id = ANY ($1::uuid[]) AND t.status IN ('pending', 'held')`,
};

/** Whom these transfers would pay. */
export const findPayees = {
  name: 'find-payees',
  text: `
    SELECT counterparty_wallet_id AS id FROM transactions
     WHERE id = ANY ($1::uuid[]) AND counterparty_wallet_id IS NOT NULL`,
};
