/**
 * Stores orders, all or none. One that is there already stays as it is; answers what the table then
 * says about every id, so that a key that was used with another body is seen.
 * $1 ids, $2 body hashes, $3 request id, $4 orders, $5 ms until the first look.
 */
export const insertSubmissions = {
  name: 'insert-submissions',
  text: `
    INSERT INTO submissions (transaction_id, body_hash, request_id, transaction_order, due_at)
    SELECT o.id, o.body_hash, $3, o.transaction_order, now() + $5 * interval '1 ms'
    FROM unnest($1::uuid[], $2::text[], $4::jsonb[]) AS o (id, body_hash, transaction_order)
    ORDER BY o.id
    ON CONFLICT (transaction_id) DO UPDATE SET attempts = submissions.attempts
    RETURNING transaction_id AS id, body_hash AS "bodyHash"`,
};
