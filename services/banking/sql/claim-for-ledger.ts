import { CLAIMED_COLUMNS } from './claimed-row.ts';

/**
 * Claims due payments whose outcome the ledger has not confirmed yet.
 * $1 room, $2 worker, $3 length of the claim in ms.
 */
export const claimForLedger = {
  name: 'claim-for-ledger',
  text: `
    WITH due AS (
      SELECT transaction_id FROM payments
      WHERE state IN ('settled', 'declined', 'abandoned') AND due_at <= now()
      ORDER BY due_at LIMIT $1
      FOR UPDATE SKIP LOCKED
    )
    UPDATE payments p
    SET version = p.version + 1, claimed_by = $2, due_at = now() + $3 * interval '1 ms'
    FROM due WHERE p.transaction_id = due.transaction_id
    RETURNING ${CLAIMED_COLUMNS}`,
};
