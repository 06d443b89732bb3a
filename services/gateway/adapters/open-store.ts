import type { Logger } from '@florin/runtime';
import { Redis } from 'ioredis';

/** A store that is slower than this is not worth waiting for. */
const STORE_TIMEOUT_MS = 250;

/** Opens Redis or Valkey. Without a connection commands fail at once, and nothing is queued. */
export function openStore(url: string, log: Pick<Logger, 'warn'>): Redis {
  const store = new Redis(url, {
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    commandTimeout: STORE_TIMEOUT_MS,
    connectionName: 'florin-gateway',
  });
  store.on('error', (error: Error) => log.warn({ err: error }, 'the shared store is away'));
  return store;
}
