/** Marks orders as known to the ledger. $1 ids. */
export const resolveSubmissions = {
  name: 'resolve-submissions',
  text: `
    UPDATE submissions SET resolved_at = now()
    WHERE transaction_id = ANY ($1::uuid[]) AND resolved_at IS NULL`,
};
