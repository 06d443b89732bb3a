/** Opens reviews and writes verdicts. A review that was decided is never written again. */
export const writeReviews = {
  name: 'write-reviews',
  text: `
    INSERT INTO reviews (
      transaction_id, wallet_id, partition, status, opened_at, expires_at, decided_at, decided_by,
      note)
    SELECT * FROM unnest(
      $1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::timestamptz[], $6::timestamptz[],
      $7::timestamptz[], $8::text[], $9::text[])
    ON CONFLICT (transaction_id) DO UPDATE
       SET status = excluded.status, decided_at = excluded.decided_at,
           decided_by = excluded.decided_by, note = excluded.note`,
};
