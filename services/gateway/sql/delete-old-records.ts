/** What the ledger answers by now, after the day that idempotency is promised for. */
export const deleteOldSubmissions = {
  name: 'delete-old-submissions',
  text: `DELETE FROM submissions WHERE resolved_at < now() - interval '1 day'`,
};

/** Twice the promised day: after it the ledger still protects each item by itself. */
export const deleteOldBulkRequests = {
  name: 'delete-old-bulk-requests',
  text: `DELETE FROM bulk_requests WHERE created_at < now() - interval '2 days'`,
};
