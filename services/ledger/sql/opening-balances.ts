/**
 * The archived months in which a wallet ($1) has entries, oldest first: the last of them, what the
 * wallet had after it, and the file that they are in.
 */
export const archivedParts = {
  name: 'archived-parts',
  text: `
    SELECT to_char(a.month, 'YYYY-MM') AS month, o.sequence, o.balance, a.file, a.sha256,
           (extract(epoch FROM a.month::timestamp AT TIME ZONE 'UTC') * 1000000)::int8 AS starts_us
      FROM opening_balances o
      JOIN archived_months a ON a.month = o.month - interval '1 month'
     WHERE o.wallet_id = $1 ORDER BY o.month`,
};

/** Where the entries in the tables begin; NULL while nothing is archived. */
export const entriesBegin = {
  name: 'entries-begin',
  text: `
    SELECT CASE WHEN isfinite(entries_begin())
                THEN (extract(epoch FROM entries_begin()) * 1000000)::int8 END AS begin_us`,
};

/** What archived entries were made for. */
export const purposesOfTransactions = {
  name: 'purposes-of-transactions',
  text: `SELECT id, type, description FROM transactions WHERE id = ANY ($1::uuid[])`,
};
