import type { Deps } from '../deps.ts';
import { normaliseEmail } from '../domain/email.ts';
import { EMAIL_INDEX, openUser } from '../open-user.ts';
import { findUserByEmail } from '../sql/find-user-by-email.ts';
import type { UseCase } from '../use-case.ts';

/** Whom an e-mail belongs to. The gateway decides who may know that. */
export const createFindUserByEmail =
  ({ db, vault }: Pick<Deps, 'db' | 'vault'>): UseCase<'findUserByEmail'> =>
  async ({ email }) => {
    const index = vault.blindIndex(EMAIL_INDEX, normaliseEmail(email));
    const stored = await findUserByEmail(db, index);
    return { user: stored === null ? null : openUser(vault, stored) };
  };
