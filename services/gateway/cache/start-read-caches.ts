import type { Outcome, Transaction } from '@florin/contracts';
import { TerminalError } from '@florin/kernel';
import type { Bus } from '@florin/messaging';
import type { Logger, Metrics } from '@florin/runtime';
import type { Identity } from '../adapters/identity.ts';
import type { Ledger } from '../adapters/ledger.ts';
import { openStore } from '../adapters/open-store.ts';
import type { GatewayConfig } from '../config.ts';
import type { EventFeed } from '../live/event-feed.ts';
import { createFollowChanges } from './follow-changes.ts';
import { createReadCache } from './read-cache.ts';
import { createSharedStamps } from './shared-stamps.ts';

interface ReadCachesDeps {
  bus: Bus;
  feed: EventFeed;
  /** Who remembers: nobody, a gateway that is alone, all of them with a store between them. */
  readCache: GatewayConfig['readCache'];
  redisUrl: string | undefined;
  log: Logger;
  metrics: Metrics;
}

const walletsOf = ({ walletId, counterpartyWalletId }: Transaction): string[] =>
  counterpartyWalletId === undefined ? [walletId] : [walletId, counterpartyWalletId];

/** The wallets that what was decided may have changed. */
function walletsIn(outcomes: readonly Outcome[]): string[] {
  const ids = outcomes.flatMap((outcome) => {
    if (outcome.kind === 'wallet') return [outcome.wallet.id];
    return outcome.kind === 'transaction' ? walletsOf(outcome.transaction) : [];
  });
  return [...new Set(ids)];
}

function storeUrl(redisUrl: string | undefined): string {
  if (redisUrl !== undefined) return redisUrl;
  throw new TerminalError('READ_CACHE is shared, but no REDIS_URL says where');
}

/** What changes the profile of the user that it names. */
const CHANGES = [
  'setRoles',
  'updateProfile',
  'confirmTwoFactor',
  'disableTwoFactor',
  'eraseUser',
] as const;

/**
 * What the gateway remembers of wallets and profiles. Whoever changes something is not answered
 * before every gateway has forgotten what it was: they never read what was before.
 */
export function startReadCaches(deps: ReadCachesDeps) {
  const { bus, feed, readCache, redisUrl, log, metrics } = deps;
  const isOn = readCache !== 'off';
  const store = readCache === 'shared' ? openStore(storeUrl(redisUrl), log) : undefined;
  const stampsOf = (of: string) =>
    store === undefined ? undefined : createSharedStamps({ store, of, log, metrics });
  const stamps = { wallets: stampsOf('wallets'), profiles: stampsOf('profiles') };
  const changes = createFollowChanges({ bus, feed, log });

  const wallets = createReadCache({
    name: 'wallets',
    shared: stamps.wallets,
    isUsable: () => isOn && changes.isLive(),
    metrics,
  });
  changes.keep(wallets);
  const profiles = createReadCache({
    name: 'profiles',
    shared: stamps.profiles,
    isUsable: () => isOn,
    metrics,
  });

  return {
    wallets,
    profiles,
    forgetDecided: (outcomes: readonly Outcome[]) => wallets.forget(walletsIn(outcomes)),
    /** The ledger as before, but nobody who hears of a transaction reads what was before it. */
    watchLedger(ledger: Ledger): Ledger {
      return {
        ...ledger,
        async getTransaction(question, options) {
          const answer = await ledger.getTransaction(question, options);
          if (answer.transaction !== null) await wallets.forget(walletsOf(answer.transaction));
          return answer;
        },
      };
    },
    /** Identity as before, but what it changes is forgotten, whether it answers or not. */
    watchIdentity(identity: Identity): Identity {
      const watched = CHANGES.map((name) => [
        name,
        (async (question: { userId: string }, options) => {
          try {
            return await identity[name](question as never, options);
          } finally {
            await profiles.forget([question.userId]);
          }
        }) satisfies (question: { userId: string }, options?: object) => Promise<unknown>,
      ]);
      return {
        ...identity,
        ...(Object.fromEntries(watched) as Pick<Identity, (typeof CHANGES)[number]>),
        async verifyEmail(question, options) {
          const answer = await identity.verifyEmail(question, options);
          if (answer.ok) await profiles.forget([answer.userId]);
          return answer;
        },
      };
    },
    close(): void {
      changes.close();
      stamps.wallets?.close();
      stamps.profiles?.close();
      store?.disconnect();
    },
  };
}

export type ReadCaches = ReturnType<typeof startReadCaches>;
