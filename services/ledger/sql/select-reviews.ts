import { transactionColumns } from './transaction-columns.ts';

const listed = (condition: string): string => `
    SELECT ${transactionColumns}, (extract(epoch FROM r.opened_at) * 1000000)::int8 AS at_us
      FROM reviews r JOIN transactions t ON t.id = r.transaction_id
     WHERE ${condition}
       AND ($2::timestamptz IS NULL OR (r.opened_at, r.transaction_id) > ($2, $3::uuid))
     ORDER BY r.opened_at, r.transaction_id LIMIT $4`;

/**
 * Transactions with a review ($1 status, null for any), the longest waiting first, after the cursor
 * ($2 time, $3 id).
 */
export const listReviews = {
  name: 'list-reviews',
  text: listed('($1::text IS NULL OR r.status = $1)'),
};

/** The same of those that are open: in words that their own index is made for. */
export const listOpenReviews = {
  name: 'list-open-reviews',
  text: listed("r.status = 'open' AND $1::text = 'open'"),
};

export const countOpenReviews = {
  name: 'count-open-reviews',
  text: `
    SELECT count(*)::int AS open FROM reviews
     WHERE status = 'open' AND partition = ANY ($1::int[])`,
};

/** Open reviews of these partitions ($1) whose time was over at $2. */
export const findExpiredReviews = {
  name: 'find-expired-reviews',
  text: `
    SELECT transaction_id, wallet_id, partition FROM reviews
     WHERE status = 'open' AND partition = ANY ($1::int[]) AND expires_at <= $2::timestamptz
     ORDER BY expires_at LIMIT $3`,
};
