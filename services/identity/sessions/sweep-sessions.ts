import { faultText } from '@florin/kernel';
import type { Deps } from '../deps.ts';
import { deleteEndedApiKeys } from '../sql/api-keys.ts';
import { deleteOldCodes } from '../sql/authorization-codes.ts';
import { deleteEndedSessions } from '../sql/delete-ended-sessions.ts';
import { deleteOldLetters } from '../sql/letters.ts';
import { deleteOldLetterTokens } from '../sql/letter-tokens.ts';
import { deleteFullBuckets } from '../sql/sign-in-buckets.ts';

const AT_ONCE = 1_000;
const HOUR_MS = 3_600_000;
/** Letters are evidence for a while; then nobody needs what they say. */
const LETTERS_FOR_MS = 30 * 24 * HOUR_MS;

type SweepDeps = Pick<Deps, 'db' | 'clock'>;

/**
 * Removes sessions past their end with all their tokens, in small portions that hold no lock for
 * long. Nobody notices: their tokens were refused before and are unknown now.
 * @returns how many sessions went
 */
export async function sweepSessions({ db, clock }: SweepDeps): Promise<number> {
  const endedBefore = new Date(clock.nowMs());
  let total = 0;
  for (;;) {
    const deleted = await deleteEndedSessions(db, { endedBefore, limit: AT_ONCE });
    total += deleted;
    if (deleted < AT_ONCE) return total;
  }
}

/** Whatever is kept for a time only, and whose time is over. */
export async function sweepAll(deps: SweepDeps): Promise<number> {
  const nowMs = deps.clock.nowMs();
  const now = new Date(nowMs);
  await deleteOldCodes(deps.db, now);
  await deleteOldLetterTokens(deps.db, now);
  await deleteFullBuckets(deps.db, now);
  await deleteOldLetters(deps.db, new Date(nowMs - LETTERS_FOR_MS));
  const ended = await sweepSessions(deps);
  await deleteEndedApiKeys(deps.db);
  return ended;
}

/** Does its duties every hour until it is stopped. One that fails is made up for by the next. */
export function everyHour(log: Deps['log'], duties: Record<string, () => Promise<unknown>>) {
  const timer = setInterval(() => {
    for (const [name, duty] of Object.entries(duties)) {
      duty().then(
        (result) => log.info({ duty: name, result }, 'hourly duty done'),
        (error: unknown) => log.warn({ duty: name }, `not done: ${faultText(error)}`),
      );
    }
  }, HOUR_MS);
  return { stop: () => clearInterval(timer) };
}
