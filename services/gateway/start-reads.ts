import type { Bus } from '@florin/messaging';
import type { Service } from '@florin/runtime';
import { startReadCaches } from './cache/start-read-caches.ts';
import type { GatewayConfig } from './config.ts';
import { createEventFeed } from './live/event-feed.ts';

/** The events that are told on, and what is remembered until they say that it is over. */
export function startReads(
  { log, metrics, onStop }: Service,
  bus: Bus,
  { readCache, redisUrl }: Pick<GatewayConfig, 'readCache' | 'redisUrl'>,
) {
  const feed = createEventFeed(bus);
  onStop('event feed', () => feed.close());
  const caches = startReadCaches({ bus, feed, readCache, redisUrl, log, metrics });
  onStop('read caches', async () => caches.close());
  return { feed, caches };
}
