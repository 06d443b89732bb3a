import { announce } from '../announce.ts';
import { commit, type Deps } from '../deps.ts';
import { normaliseEmail } from '../domain/email.ts';
import { weaknessOf } from '../domain/password-policy.ts';
import { keyOf, openUser } from '../open-user.ts';
import { findUserByEmail } from '../sql/find-user-by-email.ts';
import { insertUser } from '../sql/insert-user.ts';
import type { Queries } from '../sql/queries.ts';
import type { UseCase } from '../use-case.ts';
import { writeLetter } from '../write-letter.ts';
import { mayWriteTo } from './may-write-to.ts';
import { newUser } from './new-user.ts';
import { sendVerification } from './send-verification.ts';

/** Tells the owner of an account, and nobody else, that the address has one. */
async function tellOwner(tx: Queries, { vault, clock }: Deps, emailIndex: Buffer): Promise<void> {
  const owner = await findUserByEmail(tx, emailIndex);
  if (owner === null) return;
  const { id, email, name } = openUser(vault, owner);
  if (!(await mayWriteTo(tx, vault, id, clock.nowMs()))) return;
  const addressee = { id, email, key: keyOf(vault, owner) };
  await writeLetter(tx, clock.nowMs(), addressee, 'already-registered', { name });
}

/**
 * Opens an account with the role `user`. The password is hashed before anybody looks whether the
 * e-mail is taken, and a letter is written in both cases, so both answers take the same time.
 */
export function createRegisterUser(deps: Deps): UseCase<'register'> {
  const { clock, passwords, vault, settings } = deps;
  return async ({ email: typed, password, name }) => {
    const email = normaliseEmail(typed);
    const weakness = weaknessOf(password, [email, name]);
    if (weakness !== undefined) return { ok: false, code: 'weak-password', weakness };
    const nowMs = clock.nowMs();
    const passwordHash = await passwords.hash(password);
    const facts = { email, name, passwordHash, roles: ['user' as const], verified: false };
    const { row, key } = newUser(vault, facts, nowMs);
    return commit(deps, async (tx) => {
      if (!(await insertUser(tx, row))) {
        await tellOwner(tx, deps, row.emailIndex);
        return { ok: false, code: 'email-in-use' };
      }
      const { id } = row;
      const createdAt = row.createdAt.toISOString();
      await announce(tx, nowMs, 'user-registered', { userId: id, createdAt, kycLevel: 0 });
      await sendVerification(tx, { id, email, key, name }, { nowMs, settings });
      const roles = [...row.roles];
      const fresh = { kycLevel: 0, emailVerified: false, twoFactor: false };
      return { ok: true, user: { id, email, name, roles, ...fresh, createdAt } };
    });
  };
}
