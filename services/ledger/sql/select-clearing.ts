import type { TransactionType } from '@florin/contracts';
import type { Currency } from '@florin/kernel';

/** Every lane's part of every bank's clearing account. */
export const listClearingAccounts = {
  name: 'list-clearing-accounts',
  text: `
    SELECT id, name, currency, posted, sequence FROM wallets JOIN partitions USING (partition)
     WHERE owner_id IS NULL AND kind = 'bank-clearing' ORDER BY name, currency, partition`,
};

/**
 * Entries of a clearing account ($1) after a sequence ($2), oldest first. Of a reversal with what
 * it reverses.
 */
export const readClearingEntries = {
  name: 'read-clearing-entries',
  text: `
    SELECT e.wallet_id, e.sequence, e.transaction_id, f.related_id, t.type, e.delta,
           (extract(epoch FROM e.created_at) * 1000000)::int8 AS created_us
      FROM entries e
      JOIN wallets w ON w.id = e.wallet_id AND w.kind = 'bank-clearing'
      JOIN partitions p ON p.partition = w.partition
      JOIN transactions t ON t.id = e.transaction_id
      LEFT JOIN follow_ups f ON f.transaction_id = e.transaction_id
     WHERE e.wallet_id = $1 AND e.sequence > $2
     ORDER BY e.sequence LIMIT $3`,
};

/** What archived entries of a clearing account were made for. */
export const findPurposes = {
  name: 'find-purposes',
  text: `
    SELECT t.id AS transaction_id, f.related_id, t.type
      FROM transactions t LEFT JOIN follow_ups f ON f.transaction_id = t.id
     WHERE t.id = ANY ($1::uuid[])`,
};

export type ClearingPurposeRow = Pick<ClearingEntryRow, 'transaction_id' | 'related_id' | 'type'>;

export interface ClearingAccountRow {
  id: string;
  name: string;
  currency: Currency;
  posted: bigint;
  sequence: bigint;
}

export interface ClearingEntryRow {
  wallet_id: string;
  sequence: bigint;
  transaction_id: string;
  related_id: string | null;
  type: TransactionType;
  delta: bigint;
  created_us: bigint;
}
