import type { Deps } from '../deps.ts';
import { findUser } from '../sql/find-user.ts';
import type { StoredSession } from '../sql/session-row.ts';
import { findOwnSession } from '../sql/sessions.ts';
import type { StoredUser } from '../sql/user-row.ts';
import { FROM_NETWORK } from '../domain/token-bucket.ts';
import { returnTry, takeTry } from '../sql/sign-in-buckets.ts';

interface InSession {
  userId: string;
  sessionId: string;
}

type Proving = Pick<Deps, 'db' | 'clock' | 'vault' | 'passwords'>;

const unauthenticated = { ok: false, code: 'unauthenticated' } as const;

/** A living session of the user's own with its user. A third party's never gets here. */
export async function findInSession(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  { userId, sessionId }: InSession,
): Promise<{ user: StoredUser; session: StoredSession } | undefined> {
  const session = await findOwnSession(db, { userId, sessionId, at: new Date(clock.nowMs()) });
  const user = session === null ? null : await findUser(db, userId);
  return session === null || user === null ? undefined : { user, session };
}

/** Tries within a session: whoever stole its access token can't guess the password with it. */
export async function takeSessionTry({ db, vault, clock }: Proving, { sessionId }: InSession) {
  const key = vault.blindIndex('sign-in-try', `session ${sessionId}`);
  const waitMs = await takeTry(db, key, FROM_NETWORK, new Date(clock.nowMs()));
  return {
    refused:
      waitMs === 0
        ? undefined
        : ({
            ok: false,
            code: 'throttled',
            retryAfterSeconds: Math.ceil(waitMs / 1000),
          } as const),
    giveBack: () => returnTry(db, key, FROM_NETWORK),
  };
}

/** Checks the password of whoever a session belongs to. */
export async function provePassword(deps: Proving, shown: InSession & { password: string }) {
  const found = await findInSession(deps, shown);
  if (found === undefined) return unauthenticated;
  const attempt = await takeSessionTry(deps, shown);
  if (attempt.refused !== undefined) return attempt.refused;
  const right = await deps.passwords.verify(found.user.passwordHash, shown.password);
  if (!right) return { ok: false, code: 'invalid-credentials' } as const;
  await attempt.giveBack();
  return { ok: true, ...found } as const;
}

/** A session whose identity was proven lately enough for what is risky. */
export async function provenLately(
  deps: Pick<Deps, 'db' | 'clock' | 'settings'>,
  shown: InSession,
) {
  const found = await findInSession(deps, shown);
  if (found === undefined) return unauthenticated;
  const ageMs = deps.clock.nowMs() - found.session.authenticatedAt.getTime();
  if (ageMs > deps.settings.stepUpMs) return { ok: false, code: 'step-up-required' } as const;
  return { ok: true, ...found } as const;
}
