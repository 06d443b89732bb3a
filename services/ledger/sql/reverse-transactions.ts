/**
 * What was given back of transactions, $3 in all. Only what is completed is given back: fewer rows
 * mean a broken invariant.
 */
export const reverseTransactions = {
  name: 'reverse-transactions',
  text: `
    UPDATE transactions t SET status = u.status, reversed = u.reversed
      FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS u (id, status, reversed)
     WHERE t.id = u.id AND t.status = 'completed'`,
};
