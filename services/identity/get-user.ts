import { findUser } from './sql/find-user.ts';
import type { Queries } from './sql/queries.ts';
import type { UseCase } from './use-case.ts';

export const createGetUser =
  ({ db }: { db: Queries }): UseCase<'getUser'> =>
  async ({ id }) => ({ user: await findUser(db, id) });
