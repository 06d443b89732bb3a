import type { Deps } from '../deps.ts';
import { NAME_FIELD, keyOf, openUser } from '../open-user.ts';
import { findUser, lockUser } from '../sql/find-user.ts';
import { storeName } from '../sql/update-user.ts';
import type { UseCase } from '../use-case.ts';

export const createGetUser =
  ({ db, vault }: Pick<Deps, 'db' | 'vault'>): UseCase<'getUser'> =>
  async ({ id }) => {
    const stored = await findUser(db, id);
    return { user: stored === null ? null : openUser(vault, stored) };
  };

export const createUpdateProfile =
  ({ db, vault }: Pick<Deps, 'db' | 'vault'>): UseCase<'updateProfile'> =>
  ({ userId, name }) =>
    db.transaction(async (tx) => {
      const stored = await lockUser(tx, userId);
      if (stored === null) return { user: null };
      const nameSealed = keyOf(vault, stored).seal(NAME_FIELD, name);
      await storeName(tx, userId, nameSealed);
      return { user: openUser(vault, { ...stored, nameSealed }) };
    });
