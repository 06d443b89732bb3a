/**
 * What transactions ($1 ids, $3 microseconds) are found by: each key and value of their metadata
 * ($2). Only run for those that carry any; a key and value cost some 7 µs.
 */
export const writeLabels = {
  name: 'write-labels',
  text: `
    INSERT INTO transaction_labels (label, created_at, transaction_id)
    SELECT label_of(m.key, m.value), timestamptz 'epoch' + u.created_us * interval '1 microsecond',
           u.id
      FROM unnest($1::uuid[], $2::jsonb[], $3::bigint[]) AS u (id, metadata, created_us)
     CROSS JOIN LATERAL jsonb_each_text(u.metadata) AS m`,
};
