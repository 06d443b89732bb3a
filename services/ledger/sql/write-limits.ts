/** Apart from postings: limits change when a wallet is opened, or its owner known better. */
export const writeLimits = {
  name: 'write-limits',
  text: `
    UPDATE wallets w
       SET limit_transaction = u.per_transaction, limit_day = u.per_day, limit_month = u.per_month
      FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[])
        AS u (id, per_transaction, per_day, per_month)
     WHERE w.id = u.id`,
};
