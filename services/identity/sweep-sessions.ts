import { faultText, type Clock } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import { deleteEndedSessions } from './sql/delete-ended-sessions.ts';
import type { Queries } from './sql/queries.ts';

const AT_ONCE = 1_000;
const HOUR_MS = 3_600_000;

/**
 * Removes sessions past their end with all their tokens, in small portions that hold no lock for
 * long. Nobody notices: their tokens were refused before and are unknown now.
 * @returns how many sessions went
 */
export async function sweepSessions({ db, clock }: { db: Queries; clock: Clock }): Promise<number> {
  const endedBefore = new Date(clock.nowMs());
  let total = 0;
  for (;;) {
    const deleted = await deleteEndedSessions(db, { endedBefore, limit: AT_ONCE });
    total += deleted;
    if (deleted < AT_ONCE) return total;
  }
}

/** Sweeps every hour until it is stopped. A sweep that fails is made up for by the next one. */
export function sweepHourly(deps: { db: Queries; clock: Clock; log: Logger }) {
  const sweep = (): void => {
    sweepSessions(deps).then(
      (sessions) => deps.log.info({ sessions }, 'ended sessions deleted'),
      (error: unknown) => deps.log.warn(`ended sessions not deleted: ${faultText(error)}`),
    );
  };
  const timer = setInterval(sweep, HOUR_MS);
  return { stop: () => clearInterval(timer) };
}
