/**
 * Remembers what a bulk's key stands for, unless it stands for something already. Answers what it
 * stands for. The update that changes nothing makes the row visible where it was there before.
 * $1 bulk id, $2 fingerprint.
 */
export const rememberBulkRequest = {
  name: 'remember-bulk-request',
  text: `
    INSERT INTO bulk_requests (bulk_id, fingerprint) VALUES ($1, $2)
    ON CONFLICT (bulk_id) DO UPDATE SET fingerprint = bulk_requests.fingerprint
    RETURNING fingerprint, xmax <> 0 AS "seenBefore"`,
};
