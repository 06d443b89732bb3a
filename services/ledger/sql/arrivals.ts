/** What was credited for other shards. */
export const writeArrivals = {
  name: 'write-arrivals',
  text: `
    INSERT INTO arrivals (transaction_id, pair, amount, currency, account_id, account_sequence)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::uuid[],
                         $6::bigint[])`,
};

/** The entries of those among these ids that were credited before: debit first. */
export const findArrivals = {
  name: 'find-arrivals',
  text: `
    SELECT e.wallet_id, e.sequence, e.transaction_id, e.currency, e.delta, e.balance_after,
           (extract(epoch FROM e.created_at) * 1000000)::int8 AS created_us
      FROM arrivals a JOIN transactions t ON t.id = a.transaction_id
     CROSS JOIN LATERAL (VALUES (a.account_id, a.account_sequence),
                                (t.counterparty_wallet_id, t.counterparty_sequence))
       AS side (wallet_id, sequence)
      JOIN entries e ON e.wallet_id = side.wallet_id AND e.sequence = side.sequence
     WHERE a.transaction_id = ANY ($1::uuid[])
     ORDER BY e.delta`,
};
