import { ROLES } from '@florin/contracts';
import { commit, type Deps } from '../deps.ts';
import { openUser } from '../open-user.ts';
import { lockUser } from '../sql/find-user.ts';
import { endSessionsOf } from '../sql/sessions.ts';
import { storeRoles } from '../sql/update-user.ts';
import type { UseCase } from '../use-case.ts';

/**
 * Gives a user these roles and no others. All sessions end: their tokens would speak for the old
 * ones until they expire.
 */
export function createSetRoles(deps: Deps): UseCase<'setRoles'> {
  const { clock, vault, sessionsEnded } = deps;
  return async ({ userId, roles }) => {
    const wanted = ROLES.filter((role) => roles.includes(role));
    const done = await commit(deps, async (tx) => {
      const stored = await lockUser(tx, userId);
      if (stored === null) return undefined;
      await storeRoles(tx, userId, wanted);
      const ended = await endSessionsOf(tx, { userId, at: new Date(clock.nowMs()) });
      return { ended, before: stored.roles, user: openUser(vault, { ...stored, roles: wanted }) };
    });
    if (done === undefined) return { ok: false, code: 'not-found' };
    sessionsEnded(done.ended);
    return { ok: true, before: done.before, user: done.user };
  };
}
