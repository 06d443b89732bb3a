const columns = `
    SELECT id, partition, kind, owner_id, name, purpose, currency, status, posted, held,
           overdraft_limit,
           CASE WHEN limit_transaction IS NOT NULL THEN
             ARRAY[limit_transaction, limit_day, limit_month, spent_day, spent_month]::text[]
           END AS allowance,
           sequence, version,
           (extract(epoch FROM created_at) * 1000000)::int8 AS created_us,
           (extract(epoch FROM changed_at) * 1000000)::int8 AS changed_us
      FROM wallets
     WHERE id = ANY ($1::uuid[])`;

/**
 * Reads the wallets of a batch and locks them in id order, in one statement: two ledger processes
 * that meet at a wallet queue up instead of blocking each other for ever. Limits are one column,
 * which wallets without any leave empty: five numbers each would cost a tenth of the posting.
 */
export const lockWallets = {
  name: 'lock-wallets',
  text: `${columns}
     ORDER BY id
       FOR NO KEY UPDATE`,
};

/** The same to look at only: for what is tried and not done. */
export const readWallets = { name: 'read-wallets', text: columns };
