/**
 * Opens payments, all or none. One that exists already stays as it is: events come more than once.
 * It is due at once and unclaimed, so any process may take it up. Answers the new ones' ids.
 */
export const insertPayments = {
  name: 'insert-payments',
  text: `
    INSERT INTO payments (transaction_id, kind, bank, account, amount, currency, wallet_id, state,
                          deadline_at, failure_code, traceparent)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
                         $7::uuid[], $8::text[], $9::timestamptz[], $10::text[],
                         $11::text[])
    ON CONFLICT (transaction_id) DO NOTHING
    RETURNING transaction_id`,
};
