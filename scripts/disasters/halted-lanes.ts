import { eventually } from '@florin/testing';
import { rebaseLanes } from '../cli/rebase-lanes.ts';
import type { Crowd } from './rehearsal.ts';

/** How many partitions stand still until a person lets them go on. */
export const haltedIn = async ({ load }: Crowd): Promise<number> => {
  const { rows } = await load.pool.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM partitions WHERE halted_reason IS NOT NULL',
  );
  return rows[0]?.n ?? 0;
};

/** So often in a row the same number of halted partitions is all there will be. */
const SAME_LOOKS = 10;

/** Waits until whoever read what is gone stands still: none of them may read on by itself. */
export async function allHalted(crowd: Crowd): Promise<{ partitions: number; afterMs: number }> {
  const startedMs = performance.now();
  let [last, same, atMs] = [0, 0, startedMs];
  await eventually(
    async () => {
      const halted = await haltedIn(crowd);
      if (halted !== last) [last, same, atMs] = [halted, 0, performance.now()];
      return halted > 0 && ++same >= SAME_LOOKS;
    },
    { timeoutMs: 120_000, everyMs: 300 },
  );
  return { partitions: last, afterMs: Math.round(atMs - startedMs) };
}

/** As an operator does it, who knows when the stream was restored. Answers how long it took. */
export async function operatorRebases(crowd: Crowd, restoredAt?: string): Promise<number> {
  const startedMs = performance.now();
  // A cluster that elects its leaders asks whoever comes to try again.
  const { text } = await eventually(
    () => rebaseLanes({ dev: crowd.platform.dev() }, { restoredAt }),
    { timeoutMs: 120_000, everyMs: 1_000 },
  );
  crowd.say(text);
  return Math.round(performance.now() - startedMs);
}
