import { faultText } from '@florin/kernel';
import { announce } from '../announce.ts';
import { commit, type Deps } from '../deps.ts';
import { keyOf, openUser } from '../open-user.ts';
import { provenLately } from '../sign-in/prove-again.ts';
import { lockUser } from '../sql/find-user.ts';
import { destroyPerson, dueErasures, scheduleErasure, storeLegalHold } from '../sql/erasure.ts';
import type { Queries } from '../sql/queries.ts';
import { endSessionsOf } from '../sql/sessions.ts';
import type { StoredUser } from '../sql/user-row.ts';
import type { UseCase } from '../use-case.ts';
import { writeLetter } from '../write-letter.ts';

/**
 * Erases a person. Whoever else holds something of one hears `user-erased` and forgets it. The
 * books know an id only, so that they stay as they are.
 */
async function erase(deps: Deps, userId: string): Promise<void> {
  const { clock, sessionsEnded, log } = deps;
  const nowMs = clock.nowMs();
  const at = new Date(nowMs);
  const ended = await commit(deps, async (tx) => {
    if ((await lockUser(tx, userId)) === null) return undefined;
    const sessions = await endSessionsOf(tx, { userId, at });
    await destroyPerson(tx, userId, at);
    await announce(tx, nowMs, 'user-erased', { userId });
    return sessions;
  });
  if (ended === undefined) return;
  sessionsEnded(ended);
  log.info({ userId }, 'user erased');
}

async function schedule(
  tx: Queries,
  { vault, clock }: Deps,
  user: StoredUser,
  after: Date,
): Promise<string[]> {
  const nowMs = clock.nowMs();
  await scheduleErasure(tx, user.id, after);
  const { email, name } = openUser(vault, user);
  const addressee = { id: user.id, email, key: keyOf(vault, user) };
  const at = after.toISOString();
  await writeLetter(tx, nowMs, addressee, 'erasure-scheduled', { name, at });
  return endSessionsOf(tx, { userId: user.id, at: new Date(nowMs) });
}

async function mayErase(deps: Deps, shown: { userId: string; sessionId: string }) {
  const proven = await provenLately(deps, shown);
  if (!proven.ok) return proven;
  if (proven.user.legalHoldAt !== null) return { ok: false, code: 'legal-hold' } as const;
  return proven;
}

export const createMayErase =
  (deps: Deps): UseCase<'mayErase'> =>
  async (shown) => {
    const allowed = await mayErase(deps, shown);
    return allowed.ok ? { ok: true } : allowed;
  };

/**
 * Erases whoever asks for it, at once or after the waiting period, in which signing in calls it
 * off. All sessions end now.
 */
export function createEraseUser(deps: Deps): UseCase<'eraseUser'> {
  const { clock, settings, sessionsEnded } = deps;
  return async (shown) => {
    const allowed = await mayErase(deps, shown);
    if (!allowed.ok) return allowed;
    const { user } = allowed;
    if (settings.erasureWaitMs === 0) {
      await erase(deps, user.id);
      return { ok: true, eraseAfter: null };
    }
    const after = new Date(clock.nowMs() + settings.erasureWaitMs);
    sessionsEnded(await commit(deps, (tx) => schedule(tx, deps, user, after)));
    return { ok: true, eraseAfter: after.toISOString() };
  };
}

export const createSetLegalHold =
  ({ db, clock }: Pick<Deps, 'db' | 'clock'>): UseCase<'setLegalHold'> =>
  async ({ userId, held }) => {
    const at = held ? new Date(clock.nowMs()) : null;
    return (await storeLegalHold(db, { userId, at }))
      ? { ok: true }
      : { ok: false, code: 'not-found' };
  };

const AT_ONCE = 100;

/** Erases those whose time has come. One that fails is left for the next round. */
export async function eraseDue(deps: Deps): Promise<number> {
  const due = await dueErasures(deps.db, new Date(deps.clock.nowMs()), AT_ONCE);
  for (const userId of due) {
    await erase(deps, userId).catch((error: unknown) =>
      deps.log.warn({ userId }, `not erased: ${faultText(error)}`),
    );
  }
  return due.length;
}
