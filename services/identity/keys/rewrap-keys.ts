import { signingKeyLabel } from '../adapters/generate-signing-key.ts';
import type { Deps } from '../deps.ts';
import { userKeyLabel } from '../domain/vault.ts';
import type { Queries } from '../sql/queries.ts';
import {
  listWrappedSigningKeys,
  listWrappedUserKeys,
  storeWrappedSigningKey,
  storeWrappedUserKey,
} from '../sql/wrapped-keys.ts';

const AT_ONCE = 500;

type RewrapDeps = Pick<Deps, 'db' | 'vault'>;

async function rewrapPortion(tx: Queries, { vault }: RewrapDeps, after: string) {
  const portion = await listWrappedUserKeys(tx, { after, limit: AT_ONCE });
  let changed = 0;
  for (const { userId, wrapped } of portion) {
    const rewrapped = vault.rewrap(userKeyLabel(userId), wrapped);
    if (rewrapped === undefined) continue;
    await storeWrappedUserKey(tx, { userId, wrapped: rewrapped });
    changed++;
  }
  return { changed, last: portion.length < AT_ONCE ? undefined : portion.at(-1)?.userId };
}

async function rewrapSigningKeys({ db, vault }: RewrapDeps): Promise<number> {
  let changed = 0;
  for (const { kid, wrapped } of await listWrappedSigningKeys(db)) {
    const rewrapped = vault.rewrap(signingKeyLabel(kid), wrapped);
    if (rewrapped === undefined) continue;
    await storeWrappedSigningKey(db, { kid, wrapped: rewrapped });
    changed++;
  }
  return changed;
}

/**
 * Brings every key under today's master key. What the keys seal stays as it is: the price is one
 * small row for each user. Afterwards the older master keys can be destroyed.
 * @returns how many keys were under an older one
 */
export async function rewrapKeys(deps: RewrapDeps): Promise<number> {
  let changed = await rewrapSigningKeys(deps);
  let after: string | undefined = '00000000-0000-0000-0000-000000000000';
  while (after !== undefined) {
    const from: string = after;
    const portion = await deps.db.transaction((tx) => rewrapPortion(tx, deps, from));
    changed += portion.changed;
    after = portion.last;
  }
  return changed;
}
