import type { Outcome } from '@florin/contracts';
import { TerminalError } from '@florin/kernel';
import type { Bus } from '@florin/messaging';
import type { Logger, Metrics } from '@florin/runtime';
import type { Identity } from '../adapters/identity.ts';
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

/** The wallets that what was decided may have changed. */
function walletsIn(outcomes: readonly Outcome[]): string[] {
  const ids = new Set<string>();
  for (const outcome of outcomes) {
    if (outcome.kind === 'wallet') ids.add(outcome.wallet.id);
    if (outcome.kind !== 'transaction') continue;
    const { walletId, counterpartyWalletId } = outcome.transaction;
    ids.add(walletId);
    if (counterpartyWalletId !== undefined) ids.add(counterpartyWalletId);
  }
  return [...ids];
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
    /** Identity as before, but what it changes is forgotten, whether it answers or not. */
    watching(identity: Identity): Identity {
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
