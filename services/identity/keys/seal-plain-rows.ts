import { sealSigningKey } from '../adapters/generate-signing-key.ts';
import type { Deps } from '../deps.ts';
import { EMAIL_FIELD, EMAIL_INDEX, NAME_FIELD } from '../open-user.ts';
import {
  listPlainSigningKeys,
  listPlainUsers,
  sealPlainSigningKey,
  sealPlainUser,
} from '../sql/plain-rows.ts';

const AT_ONCE = 200;

/**
 * Seals what a version before this one stored in plain. Runs at each start and finds nothing after
 * the first; instances that start at once take different rows.
 * @returns how many users were sealed
 */
export async function sealPlainRows({ db, vault }: Pick<Deps, 'db' | 'vault'>): Promise<number> {
  for (const { kid, jwk } of await listPlainSigningKeys(db)) {
    await sealPlainSigningKey(db, sealSigningKey(vault, kid, jwk));
  }
  for (let total = 0; ;) {
    const sealed = await db.transaction(async (tx) => {
      const users = await listPlainUsers(tx, AT_ONCE);
      for (const { id, email, name } of users) {
        const { key, wrapped } = vault.newUserKey(id);
        await sealPlainUser(tx, {
          id,
          wrapped,
          emailIndex: vault.blindIndex(EMAIL_INDEX, email),
          emailSealed: key.seal(EMAIL_FIELD, email),
          nameSealed: key.seal(NAME_FIELD, name),
        });
      }
      return users.length;
    });
    total += sealed;
    if (sealed === 0) return total;
  }
}
