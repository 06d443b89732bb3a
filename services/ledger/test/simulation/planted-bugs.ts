import type { Mutant } from './memory-server.ts';
import { unnested } from './unnested.ts';

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
        return session.lock('partitions', session.select('partitions', where), where);
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
} satisfies Record<string, Mutant>;

export type PlantedBug = keyof typeof PLANTED_BUGS;
