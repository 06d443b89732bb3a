const columns = `
    id, partition, kind, owner_id, name, purpose, currency, status, posted, held, overdraft_limit,
    sequence, version,
    (extract(epoch FROM created_at) * 1000000)::int8 AS created_us,
    (extract(epoch FROM changed_at) * 1000000)::int8 AS changed_us`;

export const findWallets = {
  name: 'find-wallets',
  text: `SELECT ${columns} FROM wallets WHERE id = ANY ($1::uuid[]) AND kind = 'user'`,
};

/** Newest first, older than the cursor ($3 time, $4 id). Ids of wallets say nothing about time. */
export const listWallets = {
  name: 'list-wallets',
  text: `
    SELECT ${columns} FROM wallets
     WHERE owner_id IS NOT NULL
       AND ($1::uuid IS NULL OR owner_id = $1)
       AND ($2::text IS NULL OR currency = $2)
       AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $5`,
};

/** A wallet's balances at a time, from the entry and the holds of that time,
 * less what had been captured or released of them. */
export const walletAt = {
  name: 'wallet-at',
  text: `
    SELECT ${columns},
           balance_after_entry($1, last_sequence_at($1, $2::timestamptz)) AS posted_at,
           coalesce((SELECT sum(h.amount - (
                              SELECT coalesce(sum(c.amount), 0)
                                FROM follow_ups f JOIN transactions c ON c.id = f.transaction_id
                               WHERE f.related_id = h.transaction_id
                                 AND c.type IN ('capture', 'release')
                                 AND c.event_sequence IS NOT NULL
                                 AND c.status IN ('completed', 'reversed')
                                 AND c.completed_at <= $2::timestamptz
                            ))::int8 FROM holds h
                      WHERE h.wallet_id = $1 AND h.placed_at <= $2::timestamptz
                        AND (h.settled_at IS NULL OR h.settled_at > $2::timestamptz)), 0)
             AS held_at
      FROM wallets WHERE id = $1 AND kind = 'user' AND created_at <= $2::timestamptz`,
};
