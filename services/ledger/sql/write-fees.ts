/** What the transactions of a batch cost. */
export const writeFees = {
  name: 'write-fees',
  text: `
    INSERT INTO fees (transaction_id, amount, paid_by, schedule_version)
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::int[])`,
};
