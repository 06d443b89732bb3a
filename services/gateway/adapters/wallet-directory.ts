import type { Wallet } from '@florin/contracts';
import type { Currency } from '@florin/kernel';
import { LRUCache } from 'lru-cache';
import type { Ledger } from './ledger.ts';

/** What never changes about a wallet. */
export interface WalletFacts {
  ownerId: string;
  currency: Currency;
}

export interface WalletDirectory {
  /** At once for wallets that are known here; undefined when there is no such wallet. */
  find(id: string): WalletFacts | Promise<WalletFacts | undefined>;
  /** Remembers wallets that came by. */
  learn(wallets: readonly Wallet[]): void;
}

/** How many ids the ledger takes in one request. */
const IDS_MAX = 1000;

interface Miss {
  promise: Promise<WalletFacts | undefined>;
  resolve(facts: WalletFacts | undefined): void;
  reject(error: unknown): void;
}

/**
 * Owner and currency of wallets, as every payment needs them. They are immutable, so they may be
 * remembered without limit of time; that a wallet does not exist is never remembered. What is
 * missed in one turn of the event loop is asked for in one request.
 */
export function createWalletDirectory(deps: {
  ledger: Pick<Ledger, 'getWallets'>;
  walletsMax: number;
}): WalletDirectory {
  const known = new LRUCache<string, WalletFacts>({ max: deps.walletsMax });
  let missing = new Map<string, Miss>();

  function learn(wallets: readonly Wallet[]): void {
    for (const { id, ownerId, currency } of wallets) known.set(id, { ownerId, currency });
  }

  async function ask(misses: [string, Miss][]): Promise<void> {
    try {
      const { wallets } = await deps.ledger.getWallets({ ids: misses.map(([id]) => id) });
      learn(wallets);
      for (const [id, miss] of misses) miss.resolve(known.peek(id));
    } catch (error) {
      for (const [, miss] of misses) miss.reject(error);
    }
  }

  function askForMissing(): void {
    const misses = [...missing];
    missing = new Map();
    for (let at = 0; at < misses.length; at += IDS_MAX) void ask(misses.slice(at, at + IDS_MAX));
  }

  return {
    learn,
    find(id) {
      const facts = known.get(id);
      if (facts !== undefined) return facts;
      let miss = missing.get(id);
      if (miss === undefined) {
        if (missing.size === 0) setImmediate(askForMissing);
        miss = Promise.withResolvers<WalletFacts | undefined>();
        missing.set(id, miss);
      }
      return miss.promise;
    },
  };
}
