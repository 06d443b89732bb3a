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
  /** The wallet as it is now, balances and all. */
  read(id: string): Promise<Wallet | undefined>;
  /** Remembers wallets that came by. */
  learn(wallets: readonly Wallet[]): void;
}

/** How many ids the ledger takes in one request. */
const IDS_MAX = 1000;

type Question = PromiseWithResolvers<Wallet | undefined>;

/**
 * Wallets as the ledger tells them. Owner and currency are immutable and needed by every payment,
 * so they are remembered without limit of time; that a wallet does not exist is never remembered.
 * All wallets that are asked for in one turn of the event loop travel in one request.
 */
export function createWalletDirectory(deps: {
  ledger: Pick<Ledger, 'getWallets'>;
  walletsMax: number;
}): WalletDirectory {
  const known = new LRUCache<string, WalletFacts>({ max: deps.walletsMax });
  let questions = new Map<string, Question>();

  function learn(wallets: readonly Wallet[]): void {
    for (const { id, ownerId, currency } of wallets) known.set(id, { ownerId, currency });
  }

  async function ask(asked: [string, Question][]): Promise<void> {
    try {
      const { wallets } = await deps.ledger.getWallets({ ids: asked.map(([id]) => id) });
      learn(wallets);
      const byId = new Map(wallets.map((wallet) => [wallet.id, wallet]));
      for (const [id, question] of asked) question.resolve(byId.get(id));
    } catch (error) {
      for (const [, question] of asked) question.reject(error);
    }
  }

  function askAll(): void {
    const asked = [...questions];
    questions = new Map();
    for (let at = 0; at < asked.length; at += IDS_MAX) void ask(asked.slice(at, at + IDS_MAX));
  }

  function read(id: string): Promise<Wallet | undefined> {
    let question = questions.get(id);
    if (question === undefined) {
      if (questions.size === 0) setImmediate(askAll);
      question = Promise.withResolvers();
      questions.set(id, question);
    }
    return question.promise;
  }

  return { find: (id) => known.get(id) ?? read(id), read, learn };
}
