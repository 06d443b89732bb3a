import { LEDGER_REQUESTS } from '@florin/contracts';
import { LRUCache } from 'lru-cache';
import type { Bus } from './connect.ts';
import { request } from './request.ts';

const OWNERS_MAX = 100_000;
const IDS_MAX = 1000;

export type FindOwners = (walletIds: readonly string[]) => Promise<Map<string, string>>;

/** Who owns wallets. An owner never changes, so it is asked for once. */
export function createFindOwners(bus: Bus): FindOwners {
  const known = new LRUCache<string, string>({ max: OWNERS_MAX });

  return async (walletIds) => {
    const unknown = [...new Set(walletIds.filter((id) => !known.has(id)))];
    for (let at = 0; at < unknown.length; at += IDS_MAX) {
      const ids = unknown.slice(at, at + IDS_MAX);
      const { wallets } = await request(bus, LEDGER_REQUESTS.getWallets, { ids });
      for (const { id, ownerId } of wallets) known.set(id, ownerId);
    }
    const owners = new Map<string, string>();
    for (const id of walletIds) {
      const owner = known.get(id);
      if (owner !== undefined) owners.set(id, owner);
    }
    return owners;
  };
}
