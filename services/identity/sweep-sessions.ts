import type { Clock } from '@florin/kernel';
import { deleteEndedSessions } from './sql/delete-ended-sessions.ts';
import type { Queries } from './sql/queries.ts';

const AT_ONCE = 1_000;

/**
 * Removes sessions past their end with all their tokens, in small portions that hold no lock for
 * long. Nobody notices: their tokens were refused before and are unknown now.
 * @returns how many sessions went
 */
export async function sweepSessions(deps: { db: Queries; clock: Clock }): Promise<number> {
  const endedBefore = new Date(deps.clock.nowMs());
  let total = 0;
  for (;;) {
    const deleted = await deleteEndedSessions(deps.db, { endedBefore, limit: AT_ONCE });
    total += deleted;
    if (deleted < AT_ONCE) return total;
  }
}
