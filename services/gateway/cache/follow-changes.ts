import type { Bus } from '@florin/messaging';
import type { Logger } from '@florin/runtime';
import type { EventFeed } from '../live/event-feed.ts';
import type { ReadCache } from './read-cache.ts';

/** Without reads for so long events need not be heard: reading them costs what they cost. */
const IDLE_MS = 60_000;
const RETRY_MS = 1_000;

interface FollowChangesDeps {
  bus: Pick<Bus, 'connected' | 'onConnectionChange'>;
  feed: Pick<EventFeed, 'follow'>;
  log: Pick<Logger, 'warn'>;
}

/**
 * Keeps a cache of wallets fresh by the events of the ledger, from the first read on until nobody
 * has read for a while. Where a change may have been missed nothing that was known is kept.
 */
export function createFollowChanges({ bus, feed, log }: FollowChangesDeps) {
  let cache: Pick<ReadCache, 'drop' | 'clear'> | undefined;
  let following: { stop(): void } | undefined;
  let starting = false;
  let idle = false;
  let closed = false;
  let retrying: NodeJS.Timeout | undefined;

  function stop(): void {
    following?.stop();
    following = undefined;
    cache?.clear();
  }

  function again(): void {
    stop();
    clearTimeout(retrying);
    if (!closed) retrying = setTimeout(() => void start(), RETRY_MS).unref();
  }

  async function start(): Promise<void> {
    if (starting || following !== undefined || closed) return;
    starting = true;
    let gap = false;
    try {
      const joined = await feed.follow({
        ownerId: undefined,
        walletIds: new Set(),
        after: undefined,
        onEvent: ({ walletIds }) => walletIds.forEach((id) => cache?.drop(id)),
        onGap() {
          gap = true;
          again();
        },
      });
      following = joined;
      if (gap || closed) again();
    } catch (error) {
      log.warn({ err: error }, 'events can not be followed: wallets are read from the books');
      again();
    } finally {
      starting = false;
    }
  }

  const looking = setInterval(() => {
    if (idle) stop();
    idle = true;
  }, IDLE_MS).unref();
  const forgetBus = bus.onConnectionChange((connected) => {
    if (!connected) cache?.clear();
  });

  return {
    /** Whether every change is heard of, from now on. The first call begins to listen. */
    isLive(): boolean {
      idle = false;
      if (following === undefined) void start();
      return following !== undefined && bus.connected();
    },
    keep(kept: Pick<ReadCache, 'drop' | 'clear'>): void {
      cache = kept;
    },
    close(): void {
      closed = true;
      clearTimeout(retrying);
      clearInterval(looking);
      forgetBus();
      stop();
    },
  };
}
