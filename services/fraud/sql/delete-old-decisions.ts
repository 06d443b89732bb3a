/**
 * Some of the decisions from before a moment, the oldest first. Those that turned out as something
 * stay: the next model learns from them, and they are few.
 */
export const deleteOldDecisions = {
  name: 'delete-old-decisions',
  text: `
    DELETE FROM decisions
     WHERE transaction_id IN (
       SELECT d.transaction_id FROM decisions d
        WHERE d.decided_at < $1
          AND NOT EXISTS (SELECT FROM labels l WHERE l.transaction_id = d.transaction_id)
        ORDER BY d.decided_at LIMIT $2)`,
};
