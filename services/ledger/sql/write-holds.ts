export const placeHolds = {
  name: 'place-holds',
  text: `
    INSERT INTO holds (transaction_id, wallet_id, amount, placed_at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[])`,
};

/** Captures or releases what is still open; the CHECK refuses more than was held. */
export const settleHolds = {
  name: 'settle-holds',
  text: `
    UPDATE holds h
       SET captured = h.captured + u.captured, released = h.released + u.released,
           settled_at = u.settled_at
      FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[])
        AS u (transaction_id, captured, released, settled_at)
     WHERE h.transaction_id = u.transaction_id`,
};
