import { CLAIMED_COLUMNS } from './claimed-row.ts';

/**
 * Claims due payments that wait for their bank, for each bank as many as this process has room for:
 * a bank that is slow or away does not keep the others waiting. Of a bank that is not callable only
 * those come that have a deadline and were not asked yet, because they may be given up.
 * $1 banks, $2 room for each, $3 callable for each, $4 worker, $5 length of the claim in ms.
 */
export const claimForBank = {
  name: 'claim-for-bank',
  text: `
    WITH due AS (
      SELECT picked.transaction_id
      FROM unnest($1::text[], $2::int[], $3::bool[]) AS b (bank, room, callable)
      CROSS JOIN LATERAL (
        SELECT transaction_id FROM payments
        WHERE bank = b.bank AND state IN ('requested', 'asked', 'unknown') AND due_at <= now()
          AND (b.callable OR (state = 'requested' AND deadline_at IS NOT NULL))
        ORDER BY due_at LIMIT b.room
        FOR UPDATE SKIP LOCKED
      ) AS picked
    )
    UPDATE payments p
    SET version = p.version + 1, claimed_by = $4, due_at = now() + $5 * interval '1 ms'
    FROM due WHERE p.transaction_id = due.transaction_id
    RETURNING ${CLAIMED_COLUMNS}`,
};
