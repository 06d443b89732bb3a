/**
 * The word of a bank or of a person. Only an open transaction takes one: fewer rows mean a broken
 * invariant.
 */
export const settleTransactions = {
  name: 'settle-transactions',
  text: `
    UPDATE transactions t
       SET status = u.status, failure_code = u.failure_code, wallet_sequence = u.wallet_sequence,
           counterparty_sequence = u.counterparty_sequence, wallet_posted = u.wallet_posted,
           wallet_held = u.wallet_held, completed_at = u.completed_at
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[],
                  $7::bigint[], $8::timestamptz[])
        AS u (id, status, failure_code, wallet_sequence, counterparty_sequence, wallet_posted,
              wallet_held, completed_at)
     WHERE t.id = u.id AND t.status IN ('pending', 'held')`,
};
