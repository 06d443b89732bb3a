import { LEDGER_REQUESTS, type Wallet } from '@florin/contracts';
import { request, type Bus } from '@florin/messaging';
import { LRUCache } from 'lru-cache';

const WALLETS_MAX = 100_000;
const IDS_MAX = 1000;

export type WalletFacts = Pick<Wallet, 'ownerId' | 'currency'>;
export type FindWalletFacts = (ids: readonly string[]) => Promise<Map<string, WalletFacts>>;

/**
 * Owner and currency of wallets, which never change. Those that do not exist are absent, and asked
 * for again each time: they may be opened.
 * @throws RetryableError while the ledger does not answer
 */
export function createFindWalletFacts(bus: Bus): FindWalletFacts {
  const known = new LRUCache<string, WalletFacts>({ max: WALLETS_MAX });

  return async (ids) => {
    const wanted = new Set(ids);
    const unknown = [...wanted].filter((id) => !known.has(id));
    const found = new Map<string, WalletFacts>();
    for (let at = 0; at < unknown.length; at += IDS_MAX) {
      const question = { ids: unknown.slice(at, at + IDS_MAX) };
      const { wallets } = await request(bus, LEDGER_REQUESTS.getWallets, question);
      for (const { id, ownerId, currency } of wallets) {
        known.set(id, { ownerId, currency });
        found.set(id, { ownerId, currency });
      }
    }
    for (const id of wanted) {
      const facts = known.get(id);
      if (facts !== undefined) found.set(id, facts);
    }
    return found;
  };
}
