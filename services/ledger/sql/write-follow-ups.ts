/** What the new transactions of a batch follow from, where they do. */
export const writeFollowUps = {
  name: 'write-follow-ups',
  text: `
    INSERT INTO follow_ups (transaction_id, related_id, remaining, ends_hold)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bool[])`,
};
