import { isArrivalId } from '../../domain/arrival-id.ts';
import type { Mutant } from './memory-server.ts';
import type { MemorySession } from './memory-session.ts';
import type { Statement } from './memory-statements.ts';
import type { Row, TableName } from './memory-tables.ts';
import { unnested } from './unnested.ts';

type IsLeftOut = (table: TableName, row: Row, session: MemorySession) => boolean;

/** A statement that inserts, and leaves some of its rows out. */
const leavingOut =
  (isLeftOut: IsLeftOut) =>
  (original: Statement): Statement =>
  (session, told) => {
    const insert = async (table: TableName, row: Row): Promise<void> =>
      isLeftOut(table, row, session) ? undefined : session.insert(table, row);
    const lenient = new Proxy(session, {
      get(target, name) {
        if (name === 'insert') return insert;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    return original(lenient, told);
  };

/** Statements with a mistake in them, as somebody could make it: the simulation finds each. */
export const PLANTED_BUGS = {
  /** `lock-partitions` without `p.epoch = claimed.epoch`: whoever was replaced posts on. */
  'missing-epoch-check': {
    'lock-partitions':
      () =>
      async (session, { text, values }) => {
        const [claimed = []] = unnested(text, values);
        const all = new Set(claimed.map(({ partition }) => partition));
        const where = (row: Record<string, unknown>) => all.has(row['partition']);
        const locked = await session.lock('partitions', session.select('partitions', where), where);
        return locked.map((row) => ({ ...row, books_version: 0n }));
      },
  },
  /** `post-batch` notes events as told that are only numbered: a crash before that loses them. */
  'lost-outbox-position': {
    'post-batch': (original) => async (session, told) => {
      const answer = await original(session, told);
      for (const { partition } of unnested(told.text, told.values)[3] ?? []) {
        await session.update('partitions', String(partition), (row) => ({
          published_sequence: row['event_sequence'],
        }));
      }
      return answer;
    },
  },
  /** `draw-holds` with `captured = u.captured`: the second capture forgets the first. */
  'double-capture': {
    'draw-holds':
      () =>
      async (session, { text, values }) => {
        const [rows = []] = unnested(text, values);
        for (const { transaction_id: id, ...drawn } of rows) {
          await session.update('holds', String(id), () => drawn);
        }
        return rows.length;
      },
  },
  /** Nobody looks if it has arrived before, and what is there already is no conflict. */
  'double-credit': {
    'find-transactions': (original) => async (session, told) => {
      const found = await original(session, told);
      return typeof found === 'number' ? found : found.filter(({ id }) => !isArrivalId(String(id)));
    },
    'post-batch': leavingOut((table, row, session) => {
      const id = String(row['id']);
      return table === 'transactions' && session.get(table, id) !== undefined;
    }),
    'write-arrivals': leavingOut((table, row, session) => {
      return session.get(table, String(row['transaction_id'])) !== undefined;
    }),
  },
  /** A refusal is answered and not written down: asked again, the payee is credited after all. */
  'forgotten-refusal': {
    'post-batch': leavingOut((table, { id, status }) => {
      return table === 'transactions' && isArrivalId(String(id)) && status === 'failed';
    }),
  },
  /** `find-departures` with `>`: what has waited for long is never asked for again. */
  'forgotten-departure': { 'find-departures': () => async () => [] },
  /** What waits for another shard does not count: a hold is captured beyond its amount. */
  'forgotten-capture': { 'find-follow-ups-under-way': () => async () => [] },
} satisfies Record<string, Mutant>;

export type PlantedBug = keyof typeof PLANTED_BUGS;
