/**
 * Claims open orders that are due: moving their due time is the claim, so a process that dies with
 * them delays them and no more. They are looked after less and less often, at least once a minute.
 * $1 how many, $2 ms until the second look.
 */
export const claimSubmissions = {
  name: 'claim-submissions',
  text: `
    WITH due AS (
      SELECT transaction_id FROM submissions
      WHERE resolved_at IS NULL AND due_at <= now()
      ORDER BY due_at LIMIT $1
      FOR UPDATE SKIP LOCKED
    )
    UPDATE submissions s
    SET attempts = s.attempts + 1,
        due_at = now() + least(60000, $2 * 2 ^ least(s.attempts, 10)) * interval '1 ms'
    FROM due WHERE s.transaction_id = due.transaction_id
    RETURNING s.transaction_id AS id, s.request_id AS "requestId", s.transaction_order AS "order"`,
};
