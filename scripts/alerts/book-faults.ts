import { movePartition } from '../cli/move-partition.ts';
import { NO_PROGRESS } from '../cli/progress.ts';
import type { Fault } from './fault.ts';
import type { Stage } from './stage.ts';

/** The tables of months after this one. */
const AHEAD = `SELECT format('entry_months.%I', relname) AS part
                 FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                WHERE nspname = 'entry_months' AND relkind = 'r'
                  AND relname LIKE 'entries\\_2%'
                  AND relname > entry_month_name((now() AT TIME ZONE 'UTC')::date)`;

const TARGET = 'ledger_shard_1';
/** All of it is copied and compared by then, and nobody decides about the partition any more. */
const REFUSE_END = `
  CREATE FUNCTION refuse_end() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'the other shard does not take it'; END $$;
  CREATE TRIGGER refuse_end BEFORE UPDATE ON partition_moves FOR EACH ROW
    WHEN (NEW.state = 'complete') EXECUTE FUNCTION refuse_end()`;

/** As an operator does it, who runs it once more to carry it on. */
const move = ({ proxied }: Stage): Promise<unknown> =>
  movePartition({ dev: proxied.platform.dev() }, { partition: 0, from: 0, to: 1 }, NO_PROGRESS);

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
    name: 'a partition that moves is not taken by the other shard',
    alerts: ['PartitionMoveStuck'],
    shards: 2,
    async cause(stage) {
      await stage.sql(TARGET, REFUSE_END);
      await move(stage).then(
        () => Promise.reject(new Error('it has moved all the same')),
        () => undefined,
      );
    },
    async cure(stage) {
      await stage.sql(TARGET, 'DROP FUNCTION refuse_end CASCADE');
      await move(stage);
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
