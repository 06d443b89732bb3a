import { transactionColumns } from './transaction-columns.ts';
import { passesFilter } from './transaction-filter.ts';

/** Of some metadata ($1) the label that fewest transactions have, counted up to a limit ($2). */
export const rarestLabel = {
  name: 'rarest-label',
  text: `
    SELECT asked.label, counted.found
      FROM (SELECT label_of(m.key, m.value) AS label FROM jsonb_each_text($1::jsonb) AS m) AS asked
     CROSS JOIN LATERAL (
       SELECT count(*)::int AS found
         FROM (SELECT FROM transaction_labels l WHERE l.label = asked.label LIMIT $2) AS counting
     ) AS counted
     ORDER BY counted.found LIMIT 1`,
};

/**
 * Transactions with a label ($17), newest first, older than the cursor ($2 time, $3 id) and not
 * older than $16, once each; of some wallets ($1), or of all. A wallet that is neither payer nor
 * payee has a part in a transaction when its last entry at that time is of it.
 */
export const listLabelled = {
  name: 'list-labelled',
  text: `
    SELECT DISTINCT ON (l.created_at, l.transaction_id) found.* FROM transaction_labels l
     CROSS JOIN LATERAL (
       SELECT ${transactionColumns},
              (extract(epoch FROM t.created_at) * 1000000)::int8 AS at_us
         FROM transactions t
        WHERE t.id = l.transaction_id
          AND ${passesFilter}
          AND ($1::uuid[] IS NULL OR t.wallet_id = ANY ($1) OR t.counterparty_wallet_id = ANY ($1)
               OR EXISTS (
                 SELECT FROM unnest($1) AS w (id) JOIN entries e ON e.wallet_id = w.id
                  WHERE e.transaction_id = t.id
                    AND e.sequence = last_sequence_at(w.id, t.completed_at)))) AS found
     WHERE l.label = $17::bigint
       AND ($2::timestamptz IS NULL OR (l.created_at, l.transaction_id) < ($2, $3::uuid))
       AND ($7::timestamptz IS NULL OR l.created_at >= $7)
       AND ($8::timestamptz IS NULL OR l.created_at < $8)
       AND ($16::timestamptz IS NULL OR l.created_at >= $16)
     ORDER BY l.created_at DESC, l.transaction_id DESC LIMIT $4`,
};

/** How far back so many ($3) with a label ($1) reach that are older than a moment ($2). */
export const furthestOfLabel = {
  name: 'furthest-of-label',
  text: `
    SELECT (extract(epoch FROM created_at) * 1000000)::int8 AS at_us
      FROM transaction_labels
     WHERE label = $1 AND ($2::timestamptz IS NULL OR created_at < $2)
     ORDER BY created_at DESC OFFSET $3::bigint - 1 LIMIT 1`,
};
