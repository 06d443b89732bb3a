/** Payments that another shard is asked to credit. */
export const writeDepartures = {
  name: 'write-departures',
  text: `
    INSERT INTO departures (transaction_id, partition, pair, amount, currency, departed_at)
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::bigint[], $5::text[],
                         $6::timestamptz[])`,
};

export const settleDepartures = {
  name: 'settle-departures',
  text: `
    UPDATE departures d
       SET settled_at = clock_timestamp(), credited = u.credited, pair = u.pair
      FROM unnest($1::uuid[], $2::boolean[], $3::text[]) AS u (transaction_id, credited, pair)
     WHERE d.transaction_id = u.transaction_id`,
};

/** Those of these partitions ($1) that have waited since a moment ($2), the longest first. */
export const findDepartures = {
  name: 'find-departures',
  text: `
    SELECT transaction_id AS id FROM departures
     WHERE partition = ANY ($1::int[]) AND settled_at IS NULL AND departed_at < $2::timestamptz
     ORDER BY departed_at LIMIT $3`,
};

/** How many of these partitions ($1) wait, and the longest of them for how long. */
export const countDepartures = {
  name: 'count-departures',
  text: `
    SELECT count(*)::int AS open,
           coalesce(extract(epoch FROM now() - min(departed_at)), 0)::float8 AS oldest
      FROM departures
     WHERE partition = ANY ($1::int[]) AND settled_at IS NULL`,
};
