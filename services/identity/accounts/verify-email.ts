import { secretHash } from '../adapters/opaque-secret.ts';
import { commit, type Deps } from '../deps.ts';
import { normaliseEmail } from '../domain/email.ts';
import { EMAIL_INDEX, keyOf, openUser } from '../open-user.ts';
import { findUserByEmail } from '../sql/find-user-by-email.ts';
import { useLetterToken } from '../sql/letter-tokens.ts';
import { markEmailVerified } from '../sql/update-user.ts';
import type { UseCase } from '../use-case.ts';
import { completeEmailChange } from './change-email.ts';
import { mayWriteTo } from './may-write-to.ts';
import { sendPasswordReset, sendVerification } from './send-verification.ts';

/** Of a first letter, or of one to another address that the account is to have. */
export function createVerifyEmail(deps: Deps): UseCase<'verifyEmail'> {
  const { clock } = deps;
  return ({ token }) =>
    commit(deps, async (tx) => {
      const at = new Date(clock.nowMs());
      const hash = secretHash(token);
      const first = await useLetterToken(tx, { hash, purpose: 'verify-email', at });
      if (first !== null) {
        await markEmailVerified(tx, first.userId, at);
        return { ok: true, userId: first.userId };
      }
      const change = await useLetterToken(tx, { hash, purpose: 'change-email', at });
      const done = change !== null && (await completeEmailChange(tx, deps, change));
      return done ? { ok: true, userId: change.userId } : { ok: false, code: 'invalid-token' };
    });
}

/**
 * Sends a letter to whoever has that address. The answer is the same when nobody has, and it does
 * not wait for the letter to be written: its time tells nothing either.
 */
function createSend(
  deps: Deps,
  send: typeof sendVerification,
  isWanted: (user: { emailVerified: boolean }) => boolean,
): (request: { email: string }) => Promise<{ ok: true }> {
  const { db, vault, clock, settings, log } = deps;

  async function write(typed: string): Promise<void> {
    const stored = await findUserByEmail(db, vault.blindIndex(EMAIL_INDEX, normaliseEmail(typed)));
    if (stored === null) return;
    const user = openUser(vault, stored);
    if (!isWanted(user)) return;
    const person = { id: user.id, email: user.email, name: user.name, key: keyOf(vault, stored) };
    const nowMs = clock.nowMs();
    await commit(deps, async (tx) => {
      if (await mayWriteTo(tx, vault, user.id, nowMs)) await send(tx, person, { nowMs, settings });
    });
  }

  return async ({ email }) => {
    write(email).catch(() => log.warn('a letter that was asked for could not be written'));
    return { ok: true };
  };
}

export const createRequestVerification = (deps: Deps): UseCase<'requestVerification'> =>
  createSend(deps, sendVerification, ({ emailVerified }) => !emailVerified);

export const createRequestPasswordReset = (deps: Deps): UseCase<'requestPasswordReset'> =>
  createSend(deps, sendPasswordReset, () => true);
