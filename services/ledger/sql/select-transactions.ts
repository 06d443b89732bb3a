import { transactionColumns } from './transaction-columns.ts';
import { passesFilter } from './transaction-filter.ts';

/** Transactions that have no entries, or not yet: in the words of the index that finds them. */
export const withoutEntries = `
        (t.status IN ('pending', 'held', 'failed') OR t.type IN ('hold', 'release'))`;

/**
 * Transactions of some wallets ($1), newest first by the time they took effect, older than the
 * cursor ($2 time, $3 id) and not older than $16. What has entries is found through them, wallet by
 * wallet and backwards from the cursor, by the last of them where there are several; the rest
 * through its partial index, but for what was refused to another shard: that is told there, though
 * the payer may have moved here since. A transaction between two of the wallets is told once, from
 * the side that started it. An index over all transactions of a wallet would make this one scan,
 * and every posting a quarter dearer.
 */
export const listTransactions = {
  name: 'list-transactions',
  text: `
    SELECT DISTINCT ON (at_us, id) * FROM (
      (SELECT found.* FROM unnest($1::uuid[]) AS w (id)
        CROSS JOIN LATERAL (
          SELECT CASE WHEN $2::timestamptz IS NULL THEN 9223372036854775807
                      ELSE last_sequence_at(w.id, $2) END AS newest,
                 CASE WHEN $7::timestamptz IS NULL AND $16::timestamptz IS NULL THEN 0
                      ELSE last_sequence_at(w.id, greatest($7, $16) - interval '1 microsecond')
                      END AS before
          OFFSET 0) AS part
        CROSS JOIN LATERAL (
          SELECT ${transactionColumns},
                 (extract(epoch FROM e.created_at) * 1000000)::int8 AS at_us
            FROM entries e JOIN transactions t ON t.id = e.transaction_id
           WHERE e.wallet_id = w.id AND e.sequence <= part.newest AND e.sequence > part.before
             AND ($2::timestamptz IS NULL OR (e.created_at, e.transaction_id) < ($2, $3::uuid))
             AND (t.wallet_id = w.id OR t.wallet_id <> ALL ($1::uuid[]))
             AND ${passesFilter}
             AND NOT EXISTS (SELECT FROM entries later
                              WHERE later.wallet_id = w.id AND later.sequence = e.sequence + 1
                                AND later.transaction_id = e.transaction_id)
           ORDER BY e.sequence DESC LIMIT $4) AS found)
      UNION ALL
      (SELECT ${transactionColumns},
              (extract(epoch FROM t.created_at) * 1000000)::int8 AS at_us
         FROM transactions t
        WHERE ${withoutEntries} AND t.event_sequence IS NOT NULL
          AND t.wallet_id = ANY ($1::uuid[])
          AND ($2::timestamptz IS NULL OR (t.created_at, t.id) < ($2, $3::uuid))
          AND ($16::timestamptz IS NULL OR t.created_at >= $16)
          AND ${passesFilter}
        ORDER BY t.created_at DESC, t.id DESC LIMIT $4)
    ) AS merged
    ORDER BY at_us DESC, id DESC LIMIT $4`,
};

/**
 * How far back so many ($3) of each wallet ($1) reach that are older than a moment ($2): a search
 * that stops there has looked at little more than that. NULL where all reach to the beginning.
 */
export const furthestOfWallets = {
  name: 'furthest-of-wallets',
  text: `
    SELECT (extract(epoch FROM max(reached.at)) * 1000000)::int8 AS at_us
      FROM unnest($1::uuid[]) AS asked (id) JOIN wallets w ON w.id = asked.id
     CROSS JOIN LATERAL (
       SELECT (SELECT e.created_at FROM entries e
                WHERE e.wallet_id = w.id
                  AND e.sequence = 1 - $3::bigint + CASE WHEN $2::timestamptz IS NULL
                        THEN w.sequence
                        ELSE last_sequence_at(w.id, $2 - interval '1 microsecond') END) AS at
       UNION ALL
       SELECT (SELECT t.created_at FROM transactions t
                WHERE ${withoutEntries}
                  AND t.wallet_id = w.id AND ($2::timestamptz IS NULL OR t.created_at < $2)
                ORDER BY t.created_at DESC OFFSET $3 - 1 LIMIT 1)) AS reached`,
};

/** The wallets of an owner. */
export const walletsOfOwner = {
  name: 'wallets-of-owner',
  text: `SELECT id FROM wallets WHERE owner_id = $1 ORDER BY created_at DESC LIMIT 1000`,
};
