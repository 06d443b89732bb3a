import { setTimeout as delay } from 'node:timers/promises';
import { faultText, type Clock } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import type pg from 'pg';
import { deleteOldDecisions } from '../sql/delete-old-decisions.ts';

/** Rows deleted by one statement: decisions that are written meanwhile hardly notice. */
export const BATCH_ROWS = 500;
const BETWEEN_BATCHES_MS = 100;
const EVERY_MS = 3_600_000;
/** How soon to look again when it was another's turn, or did not work. */
const AGAIN_MS = 60_000;

/** Deletes decisions from before a moment, a few at a time. Answers how many. */
export async function pruneDecisions(
  pool: Pick<pg.Pool, 'query'>,
  before: Date,
  { signal, betweenMs = BETWEEN_BATCHES_MS }: { signal: AbortSignal; betweenMs?: number },
): Promise<number> {
  let deleted = 0;
  while (!signal.aborted) {
    const values = [before.toISOString(), BATCH_ROWS];
    const { rowCount } = await pool.query({ ...deleteOldDecisions, values });
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH_ROWS) break;
    await delay(betweenMs, undefined, { signal }).catch(() => undefined);
  }
  return deleted;
}

/** Forgets decisions that are older than they must be kept, every hour. */
export function keepPruning(deps: {
  pool: Pick<pg.Pool, 'query'>;
  keepMs: number;
  /** One process is enough. */
  isOurs(): boolean;
  onPruned(decisions: number): void;
  clock: Clock;
  log: Logger;
}): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;

  /** Answers whether there is nothing more to do for an hour. */
  async function prune(): Promise<boolean> {
    if (!deps.isOurs()) return false;
    try {
      const before = new Date(deps.clock.nowMs() - deps.keepMs);
      deps.onPruned(await pruneDecisions(deps.pool, before, { signal }));
      return true;
    } catch (error) {
      deps.log.warn({ problem: faultText(error) }, 'old decisions are deleted later');
      return false;
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const waitMs = (await prune()) ? EVERY_MS : AGAIN_MS;
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
