/** Which transactions are parts of one payment to several, in the order of its recipients. */
export const writeSplits = {
  name: 'write-splits',
  text: `
    INSERT INTO splits (transaction_id, split_id, place)
    SELECT * FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY`,
};
