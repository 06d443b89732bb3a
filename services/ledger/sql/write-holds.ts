export const placeHolds = {
  name: 'place-holds',
  text: `
    INSERT INTO holds (transaction_id, wallet_id, amount, placed_at, expires_at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[],
                         $5::timestamptz[])`,
};

/** Captures or releases of what is still open; CHECK and trigger refuse more than was held. */
export const drawHolds = {
  name: 'draw-holds',
  text: `
    UPDATE holds h
       SET captured = h.captured + u.captured, released = h.released + u.released,
           settled_at = u.settled_at
      FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[])
        AS u (transaction_id, captured, released, settled_at)
     WHERE h.transaction_id = u.transaction_id`,
};

/** Holds of these partitions ($1) whose time was over at $2 and that no person looks at. */
export const findExpiredHolds = {
  name: 'find-expired-holds',
  text: `
    SELECT h.transaction_id, h.wallet_id, t.partition
      FROM holds h JOIN transactions t ON t.id = h.transaction_id
     WHERE h.expires_at <= $2::timestamptz AND h.settled_at IS NULL
       AND t.partition = ANY ($1::int[])
       AND NOT EXISTS (SELECT FROM reviews r
                        WHERE r.transaction_id = h.transaction_id AND r.status = 'open')
     ORDER BY h.expires_at LIMIT $3`,
};
