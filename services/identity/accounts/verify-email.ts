import { secretHash } from '../adapters/opaque-secret.ts';
import { commit, type Deps } from '../deps.ts';
import { normaliseEmail } from '../domain/email.ts';
import { EMAIL_INDEX, keyOf, openUser } from '../open-user.ts';
import { findUserByEmail } from '../sql/find-user-by-email.ts';
import { useLetterToken } from '../sql/letter-tokens.ts';
import { markEmailVerified } from '../sql/update-user.ts';
import type { UseCase } from '../use-case.ts';
import { mayWriteTo } from './may-write-to.ts';
import { sendPasswordReset, sendVerification } from './send-verification.ts';

export function createVerifyEmail({ db, clock }: Deps): UseCase<'verifyEmail'> {
  return ({ token }) =>
    db.transaction(async (tx) => {
      const at = new Date(clock.nowMs());
      const used = await useLetterToken(tx, {
        hash: secretHash(token),
        purpose: 'verify-email',
        at,
      });
      if (used === null) return { ok: false, code: 'invalid-token' };
      await markEmailVerified(tx, used.userId, at);
      return { ok: true };
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
