/** A wallet's entries, newest first, older than a sequence. */
export const listEntries = {
  name: 'list-entries',
  text: `
    SELECT wallet_id, sequence, transaction_id, currency, delta, balance_after,
           (extract(epoch FROM created_at) * 1000000)::int8 AS created_us
      FROM entries
     WHERE wallet_id = $1 AND ($2::bigint IS NULL OR sequence < $2)
     ORDER BY sequence DESC LIMIT $3`,
};

/**
 * The part of a wallet's entries between two moments ($2 included, $3 not), and the balances at its
 * ends. Entries never change and have no gaps: that part stays the same, however late it is read.
 */
export const findPeriod = {
  name: 'find-period',
  text: `
    SELECT w.name, w.currency, part.before, part.last,
           balance_after_entry(w.id, part.before) AS opening,
           balance_after_entry(w.id, part.last) AS closing
      FROM wallets w CROSS JOIN LATERAL (
        SELECT CASE WHEN $2::timestamptz IS NULL THEN 0
                    ELSE last_sequence_at(w.id, $2 - interval '1 microsecond') END AS before,
               CASE WHEN $3::timestamptz IS NULL THEN w.sequence
                    ELSE last_sequence_at(w.id, $3 - interval '1 microsecond') END AS last
        OFFSET 0) AS part
     WHERE w.id = $1 AND w.kind = 'user'`,
};

/** Entries of a wallet ($1) from a sequence ($2) to another ($3), oldest first. */
export const readEntries = {
  name: 'read-entries',
  text: `
    SELECT e.wallet_id, e.sequence, e.transaction_id, e.currency, e.delta, e.balance_after,
           (extract(epoch FROM e.created_at) * 1000000)::int8 AS created_us, t.type, t.description
      FROM entries e JOIN transactions t ON t.id = e.transaction_id
     WHERE e.wallet_id = $1 AND e.sequence BETWEEN $2 AND $3
     ORDER BY e.sequence LIMIT $4`,
};
