/** How far below zero wallets may go. The CHECK of the table holds for each statement. */
export const writeOverdrafts = {
  name: 'write-overdrafts',
  text: `
    UPDATE wallets w SET overdraft_limit = u.overdraft_limit
      FROM unnest($1::uuid[], $2::bigint[]) AS u (id, overdraft_limit)
     WHERE w.id = u.id`,
};
