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
