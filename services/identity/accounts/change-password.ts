import { secretHash } from '../adapters/opaque-secret.ts';
import { announce } from '../announce.ts';
import { commit, type Deps } from '../deps.ts';
import { weaknessOf, type PasswordWeakness } from '../domain/password-policy.ts';
import { keyOf, openUser } from '../open-user.ts';
import { provePassword } from '../sign-in/prove-again.ts';
import { findUser } from '../sql/find-user.ts';
import { findLetterToken, useLetterToken } from '../sql/letter-tokens.ts';
import type { Queries } from '../sql/queries.ts';
import { endSessionsOf } from '../sql/sessions.ts';
import { markEmailVerified, storePassword } from '../sql/update-user.ts';
import type { StoredUser } from '../sql/user-row.ts';
import type { UseCase } from '../use-case.ts';
import { writeLetter } from '../write-letter.ts';

interface NewPassword {
  user: StoredUser;
  passwordHash: string;
  change: 'password-changed' | 'password-reset';
  /** The session that changed it goes on. */
  keep?: string;
}

/** Stores a password, ends the other sessions, and tells the owner and the rest of Florin. */
async function replacePassword(
  tx: Queries,
  { vault, clock }: Deps,
  { user, passwordHash, change, keep }: NewPassword,
): Promise<string[]> {
  const nowMs = clock.nowMs();
  const at = new Date(nowMs);
  await storePassword(tx, { userId: user.id, passwordHash, at });
  const except = keep === undefined ? {} : { except: keep };
  const ended = await endSessionsOf(tx, { userId: user.id, at, ...except });
  await announce(tx, nowMs, 'credentials-changed', { userId: user.id, change });
  const { email, name } = openUser(vault, user);
  const addressee = { id: user.id, email, key: keyOf(vault, user) };
  await writeLetter(tx, nowMs, addressee, 'password-changed', { name, at: at.toISOString() });
  return ended;
}

function weaknessFor({ vault }: Deps, user: StoredUser, password: string) {
  const { email, name } = openUser(vault, user);
  return weaknessOf(password, [email, name]);
}

const tooWeak = (weakness: PasswordWeakness) =>
  ({ ok: false, code: 'weak-password', weakness }) as const;

export function createChangePassword(deps: Deps): UseCase<'changePassword'> {
  const { passwords, sessionsEnded } = deps;
  return async ({ userId, sessionId, currentPassword, newPassword }) => {
    const proven = await provePassword(deps, { userId, sessionId, password: currentPassword });
    if (!proven.ok) return proven;
    const { user } = proven;
    const weakness = weaknessFor(deps, user, newPassword);
    if (weakness !== undefined) return tooWeak(weakness);
    const passwordHash = await passwords.hash(newPassword);
    const change = 'password-changed' as const;
    const ended = await commit(deps, (tx) =>
      replacePassword(tx, deps, { user, passwordHash, change, keep: sessionId }),
    );
    sessionsEnded(ended);
    return { ok: true };
  };
}

/** Whoever has the letter has the address: that is verified by the way. A second factor stays. */
export function createResetPassword(deps: Deps): UseCase<'resetPassword'> {
  const { db, clock, passwords, sessionsEnded } = deps;
  const invalid = { ok: false, code: 'invalid-token' } as const;
  return async ({ token, newPassword }) => {
    const at = new Date(clock.nowMs());
    const shown = { hash: secretHash(token), purpose: 'reset-password' as const, at };
    const owner = await findLetterToken(db, shown);
    const user = owner === null ? null : await findUser(db, owner.userId);
    if (user === null) return invalid;
    const weakness = weaknessFor(deps, user, newPassword);
    if (weakness !== undefined) return tooWeak(weakness);
    const passwordHash = await passwords.hash(newPassword);
    const ended = await commit(deps, async (tx) => {
      if ((await useLetterToken(tx, shown)) === null) return undefined;
      await markEmailVerified(tx, user.id, at);
      return replacePassword(tx, deps, { user, passwordHash, change: 'password-reset' });
    });
    if (ended === undefined) return invalid;
    sessionsEnded(ended);
    return { ok: true };
  };
}
