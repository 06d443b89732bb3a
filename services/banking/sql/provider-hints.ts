import { CLAIMED_COLUMNS } from './claimed-row.ts';

/**
 * A provider has said something about a payment: what it calls it is known now, and while nobody
 * knows what it did with it, it is looked at once more. $1 transaction, $2 bank, $3 reference.
 */
export const noteHint = {
  name: 'note-hint',
  text: `
    UPDATE payments p
    SET provider_reference = coalesce(p.provider_reference, $3),
        due_at = CASE WHEN p.state = 'unknown' THEN now() ELSE p.due_at END
    WHERE p.transaction_id = $1 AND p.bank = $2
    RETURNING ${CLAIMED_COLUMNS}`,
};

/** The provider takes back what it had said, after the ledger was told. Written once. */
export const noteContradiction = {
  name: 'note-contradiction',
  text: `
    WITH contradicted AS (
      UPDATE payments SET version = version + 1
      WHERE transaction_id = $1 AND NOT EXISTS (
        SELECT FROM payment_history WHERE transaction_id = $1 AND answer = 'contradicted')
      RETURNING transaction_id, version, state
    )
    INSERT INTO payment_history (transaction_id, version, from_state, answer, to_state, worker)
    SELECT transaction_id, version, state, 'contradicted', state, $2 FROM contradicted
    RETURNING transaction_id`,
};
