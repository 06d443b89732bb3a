import { transactionColumns } from './transaction-columns.ts';

/**
 * Which of these ids were decided before. No lock: an open transaction is only ever changed by the
 * lane of its wallet, what was completed only by the lane that gives it back, and whoever runs this
 * to change it holds that lane.
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

/** What follows from these transactions and waits for another shard to credit it. */
export const findFollowUpsUnderWay = {
  name: 'find-follow-ups-under-way',
  text: `
    SELECT ${transactionColumns}
      FROM follow_ups f JOIN transactions t ON t.id = f.transaction_id
     WHERE f.related_id = ANY ($1::uuid[]) AND t.status = 'held'`,
};

/** The wallets on both sides of these transactions. */
export const findParties = {
  name: 'find-parties',
  text: `
    SELECT wallet_id AS id FROM transactions WHERE id = ANY ($1::uuid[])
    UNION
    SELECT counterparty_wallet_id FROM transactions
     WHERE id = ANY ($1::uuid[]) AND counterparty_wallet_id IS NOT NULL`,
};

/** The parts of a payment to several, as they were asked for. */
export const findParts = {
  name: 'find-parts',
  text: `
    SELECT ${transactionColumns}
      FROM splits part JOIN transactions t ON t.id = part.transaction_id
     WHERE part.split_id = $1 ORDER BY part.place`,
};

/** What followed from a transaction, oldest first. */
export const findFollowUps = {
  name: 'find-follow-ups',
  text: `
    SELECT f.transaction_id AS id
      FROM follow_ups f JOIN transactions t ON t.id = f.transaction_id
     WHERE f.related_id = $1 AND t.status <> 'failed'
     ORDER BY t.created_at, t.id LIMIT 1000`,
};
