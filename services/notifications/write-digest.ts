import { hash } from 'node:crypto';
import { uuidFromDigest, type Clock } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import { OPERATOR_DIGEST } from './compose-mail.ts';
import { countFailures, insertMail } from './sql/mails.ts';

/** Nobody's id: the digest is for whoever reads the operators' address. */
const OPERATORS = '00000000-0000-8000-8000-000000000002';

/**
 * Writes to operators what could not be delivered in the last whole period, if anything.
 * Periods are the same for all processes, and each is told of once.
 * @returns whether there was anything to tell
 */
export function createWriteDigest(deps: {
  db: Database['slonik'];
  clock: Clock;
  periodMs: number;
}) {
  const { db, clock, periodMs } = deps;
  return async (): Promise<boolean> => {
    const endMs = Math.floor(clock.nowMs() / periodMs) * periodMs;
    const [from, until] = [new Date(endMs - periodMs), new Date(endMs)];
    const { failed, unknown, webhooks } = await countFailures(db, from, until);
    if (failed + unknown + webhooks === 0) return false;
    const eventId = `digest-${until.toISOString()}`;
    const facts = {
      from: from.toISOString(),
      until: until.toISOString(),
      failed: String(failed),
      unknown: String(unknown),
      webhooks: String(webhooks),
    };
    const id = uuidFromDigest(hash('sha256', eventId, 'buffer'), endMs);
    const mail = { id, userId: OPERATORS, kind: OPERATOR_DIGEST, eventId, facts };
    await insertMail(db, mail, new Date(clock.nowMs()));
    return true;
  };
}
