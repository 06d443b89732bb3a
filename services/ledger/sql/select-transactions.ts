import { transactionColumns } from './transaction-columns.ts';

/** Filters that a transaction must pass: $5 status, $6 type, $7 and $8 times, $9 metadata. */
const passes = `
         ($5::text IS NULL OR t.status = $5)
     AND ($6::text IS NULL OR t.type = $6)
     AND ($7::timestamptz IS NULL OR t.created_at >= $7)
     AND ($8::timestamptz IS NULL OR t.created_at < $8)
     AND ($9::jsonb IS NULL OR t.metadata @> $9)`;

/**
 * Transactions of some wallets ($1), newest first by the time they took effect, older than the
 * cursor ($2 time, $3 id). What has entries is found through them, wallet by wallet and backwards
 * from the cursor; the rest through its partial index. A transaction between two of the wallets is
 * told once, from the side that started it. An index over all transactions of a wallet would make
 * this one scan, and every posting a quarter dearer.
 */
export const listTransactions = {
  name: 'list-transactions',
  text: `
    SELECT * FROM (
      (SELECT found.* FROM unnest($1::uuid[]) AS w (id) CROSS JOIN LATERAL (
        SELECT ${transactionColumns},
               (extract(epoch FROM e.created_at) * 1000000)::int8 AS at_us
          FROM entries e JOIN transactions t ON t.id = e.transaction_id
         WHERE e.wallet_id = w.id
           AND ($2::timestamptz IS NULL OR (e.sequence <= last_sequence_at(w.id, $2)
                AND (e.created_at, e.transaction_id) < ($2, $3::uuid)))
           AND (t.wallet_id = w.id OR t.wallet_id <> ALL ($1::uuid[]))
           AND ${passes}
         ORDER BY e.sequence DESC LIMIT $4) AS found)
      UNION ALL
      (SELECT ${transactionColumns},
              (extract(epoch FROM t.created_at) * 1000000)::int8 AS at_us
         FROM transactions t
        WHERE (t.status IN ('pending', 'held', 'failed') OR t.type IN ('hold', 'release'))
          AND t.wallet_id = ANY ($1::uuid[])
          AND ($2::timestamptz IS NULL OR (t.created_at, t.id) < ($2, $3::uuid))
          AND ${passes}
        ORDER BY t.created_at DESC, t.id DESC LIMIT $4)
    ) AS merged
    ORDER BY at_us DESC, id DESC LIMIT $4`,
};

/** The wallets of an owner. */
export const walletsOfOwner = {
  name: 'wallets-of-owner',
  text: `SELECT id FROM wallets WHERE owner_id = $1 ORDER BY created_at DESC LIMIT 1000`,
};
