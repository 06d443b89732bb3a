import type { Fault } from './fault.ts';

/** The tables of months after this one. */
const AHEAD = `SELECT format('entry_months.%I', relname) AS part
                 FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                WHERE nspname = 'entry_months' AND relkind = 'r'
                  AND relname LIKE 'entries\\_2%'
                  AND relname > entry_month_name((now() AT TIME ZONE 'UTC')::date)`;

/** Faults of where the books lie. */
export const BOOK_FAULTS: Fault[] = [
  {
    name: 'nobody has made tables for the months ahead',
    alerts: ['EntryMonthMissing'],
    async cause({ sql }) {
      for (const { part } of await sql('ledger', AHEAD)) {
        await sql('ledger', `DROP TABLE ${String(part)}`);
      }
    },
    async cure({ sql }) {
      await sql('ledger', 'SELECT open_entry_months(0, 2)');
    },
  },
  {
    name: 'the ledger of another shard stands still',
    alerts: ['ShardSilent'],
    shards: 2,
    cause: async ({ signal }) => signal('ledger-2', 'SIGSTOP'),
    cure: async ({ signal }) => signal('ledger-2', 'SIGCONT'),
  },
];
