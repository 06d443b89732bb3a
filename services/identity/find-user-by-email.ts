import { normaliseEmail } from './domain/email.ts';
import { findUserByEmail } from './sql/find-user-by-email.ts';
import type { Queries } from './sql/queries.ts';
import type { UseCase } from './use-case.ts';

/** Whom an e-mail belongs to. The gateway decides who may know that. */
export const createFindUserByEmail =
  ({ db }: { db: Queries }): UseCase<'findUserByEmail'> =>
  async ({ email }) => ({ user: await findUserByEmail(db, normaliseEmail(email)) });
