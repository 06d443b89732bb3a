import type { Month } from '../archive/months.ts';

/** Statements that archive a month. Its table can be no parameter: the name is made of digits. */

/** What stands in the way of archiving a month, a line each. */
export const obstacles = ({ first, next, table }: Month): string => `
  SELECT 'the month has no table' AS obstacle WHERE to_regclass('${table}') IS NULL
  UNION ALL
  SELECT 'the month is archived' WHERE EXISTS (
    SELECT FROM archived_months WHERE month >= '${first}')
  UNION ALL
  SELECT 'the month ended less than 31 days ago'
   WHERE now() < timestamptz '${next} 00:00Z' + interval '31 days'
  UNION ALL
  SELECT 'there are entries of earlier months: they come first' WHERE EXISTS (
    SELECT FROM entries WHERE created_at < timestamptz '${first} 00:00Z')
  UNION ALL
  SELECT 'there are entries of this month without a table: open_entry_month moves them'
   WHERE EXISTS (SELECT FROM entry_months.entries_unplanned
                  WHERE created_at >= timestamptz '${first} 00:00Z'
                    AND created_at < timestamptz '${next} 00:00Z')
  UNION ALL
  SELECT 'partition ' || partition || ' has events to tell again from its entries'
    FROM partitions p
   WHERE EXISTS (SELECT FROM transactions t
                  WHERE t.partition = p.partition AND t.event_sequence > p.published_sequence
                    AND t.created_at < timestamptz '${next} 00:00Z')`;

/** From here on nothing gets into the month any more; what is in it stays as it is. */
export const closeMonth = ({ table }: Month): string => `
  ALTER TABLE ${table} ADD CONSTRAINT month_is_closed CHECK (false) NOT VALID`;

export const isClosed = ({ table }: Month): string => `
  SELECT EXISTS (SELECT FROM pg_constraint
                  WHERE conrelid = '${table}'::regclass AND conname = 'month_is_closed') AS closed`;

/** What wallets had when the month began. */
const opened = `
  SELECT DISTINCT ON (wallet_id) wallet_id, sequence, balance FROM opening_balances
   ORDER BY wallet_id, month DESC`;

/** Whatever is wrong with the entries of a month, a line each: none where it can be archived. */
export const brokenMonth = ({ table, first, next }: Month): string => `
  SELECT 'wallet ' || wallet_id || ' entry ' || sequence
         || ' does not follow from the one before it' AS detail
    FROM (SELECT e.wallet_id, e.sequence, e.balance_after, e.delta,
                 coalesce(lag(e.sequence) OVER own, o.sequence, 0) AS before,
                 coalesce(lag(e.balance_after) OVER own, o.balance, 0) AS balance,
                 coalesce(lag(e.created_at) OVER own, '-infinity') AS earlier, e.created_at
            FROM ${table} e LEFT JOIN (${opened}) o ON o.wallet_id = e.wallet_id
          WINDOW own AS (PARTITION BY e.wallet_id ORDER BY e.sequence)) AS steps
   WHERE sequence <> before + 1 OR balance_after <> balance + delta OR created_at <= earlier
      OR created_at < timestamptz '${first} 00:00Z' OR created_at >= timestamptz '${next} 00:00Z'
  UNION ALL
  SELECT 'transaction ' || transaction_id || ' is off by ' || sum(delta) || ' ' || currency
    FROM (SELECT transaction_id, currency, delta FROM ${table}
          UNION ALL SELECT transaction_id, currency, delta FROM carried_entries
          UNION ALL SELECT transaction_id, currency, delta FROM entries
           WHERE created_at >= timestamptz '${next} 00:00Z'
             AND transaction_id IN (SELECT transaction_id FROM ${table})) AS sides
   GROUP BY transaction_id, currency HAVING sum(delta) <> 0
  LIMIT 20`;

/** The entries of a month in the order of the archive, from behind a place in it ($1, $2). */
export const pageOfMonth = ({ table }: Month): string => `
  SELECT wallet_id, sequence, transaction_id, currency, delta, balance_after,
         (extract(epoch FROM created_at) * 1000000)::int8 AS created_us
    FROM ${table} WHERE (wallet_id, sequence) > ($1, $2)
   ORDER BY wallet_id, sequence LIMIT $3`;

/** What wallets have when the next month begins. */
export const carryBalances = ({ table, next }: Month): string => `
  INSERT INTO opening_balances (wallet_id, month, sequence, balance)
  SELECT DISTINCT ON (wallet_id) wallet_id, '${next}', sequence, balance_after
    FROM ${table} ORDER BY wallet_id, sequence DESC`;

/** Transactions of which the month has a part, and an earlier or a later one the rest. */
export const carryTransactions = ({ table, first, next }: Month): string => `
  INSERT INTO carried_entries (transaction_id, month, currency, delta, entries)
  SELECT transaction_id, '${first}', currency, sum(delta), count(*) FROM ${table}
   WHERE transaction_id IN (
     SELECT transaction_id FROM entries WHERE created_at >= timestamptz '${next} 00:00Z'
     UNION ALL SELECT transaction_id FROM carried_entries)
   GROUP BY transaction_id, currency`;

export const noteArchived = `
  INSERT INTO archived_months (month, file, bytes, sha256, content, entries)
  VALUES ($1, $2, $3, $4, $5, $6)`;

/** Tables before the end of a month: its own, and empty ones before it. */
export const tablesUpTo = ({ next }: Month): string => `
  SELECT c.oid::regclass::text AS part
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
   WHERE i.inhparent = 'entries'::regclass
     AND (c.relname = 'entries_archived'
          OR c.relname ~ '^entries_[0-9]{4}_[0-9]{2}$'
             AND c.relname < entry_month_name('${next}'))`;

export const dropTable = (part: string): string => `
  ALTER TABLE entries DETACH PARTITION ${part};
  DROP TABLE ${part}`;

/** In the place of what is archived: a table that takes nothing. */
export const sealArchived = ({ next }: Month): string => `
  CREATE TABLE entry_months.entries_archived (
    LIKE entries INCLUDING ALL, CONSTRAINT month_is_archived CHECK (false));
  ALTER TABLE entry_months.entries_archived ADD PRIMARY KEY (wallet_id, sequence);
  SELECT guard_entries('entry_months.entries_archived');
  ALTER TABLE entries ATTACH PARTITION entry_months.entries_archived
    FOR VALUES FROM (MINVALUE) TO ('${next} 00:00Z')`;

/** The first month whose table lies further back than so many ($1) before the present one. */
export const oldestDueMonth = `
  SELECT replace(substr(c.relname, 9), '_', '-') AS month
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
   WHERE i.inhparent = 'entries'::regclass AND c.relname ~ '^entries_[0-9]{4}_[0-9]{2}$'
     AND c.relname < entry_month_name((date_trunc('month', now() AT TIME ZONE 'UTC')
                                       - $1::int * interval '1 month')::date)
   ORDER BY c.relname LIMIT 1`;

export interface ArchivedMonthRow extends Record<string, unknown> {
  month: string;
  file: string;
  bytes: bigint;
  sha256: string;
  content: string;
  entries: bigint;
}

/** Newest last. */
export const listArchivedMonths = `
  SELECT to_char(month, 'YYYY-MM') AS month, file, bytes, sha256, content, entries
    FROM archived_months ORDER BY archived_months.month`;
