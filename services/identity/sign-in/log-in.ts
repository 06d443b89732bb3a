import type { PasswordHasher } from './adapters/password-hasher.ts';
import { normaliseEmail } from './domain/email.ts';
import { findCredentials } from './sql/find-credentials.ts';
import type { Queries } from './sql/queries.ts';
import type { StartSession } from './start-session.ts';
import type { UseCase } from './use-case.ts';

/**
 * Exchanges e-mail and password for a session. A wrong password and an unknown e-mail give the same
 * answer after the same work.
 */
export function createLogIn(deps: {
  db: Queries;
  passwords: PasswordHasher;
  startSession: StartSession;
}): UseCase<'login'> {
  const { db, passwords, startSession } = deps;
  return async ({ email, password }) => {
    const found = await findCredentials(db, normaliseEmail(email));
    const proven = await passwords.verify(found?.passwordHash, password);
    if (!proven || found === null) return { ok: false, code: 'invalid-credentials' };
    return { ok: true, tokens: await startSession(found) };
  };
}
