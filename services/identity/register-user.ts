import { uuidv7, type Clock } from '@florin/kernel';
import type { PasswordHasher } from './adapters/password-hasher.ts';
import { normaliseEmail } from './domain/email.ts';
import { insertUser } from './sql/insert-user.ts';
import type { Queries } from './sql/queries.ts';
import type { UseCase } from './use-case.ts';

/**
 * Opens an account with the role `user`. The password is hashed before anybody looks whether the
 * e-mail is taken, so both answers take the same time.
 */
export function createRegisterUser(deps: {
  db: Queries;
  clock: Clock;
  passwords: PasswordHasher;
}): UseCase<'register'> {
  const { db, clock, passwords } = deps;
  return async ({ email, password, name }) => {
    const nowMs = clock.nowMs();
    const user = await insertUser(db, {
      id: uuidv7(nowMs),
      email: normaliseEmail(email),
      name,
      passwordHash: await passwords.hash(password),
      roles: ['user'],
      createdAt: new Date(nowMs),
    });
    return user === null ? { ok: false, code: 'email-in-use' } : { ok: true, user };
  };
}
