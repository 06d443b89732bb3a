import { randomBytes } from 'node:crypto';
import type { Logger, Metrics } from '@florin/runtime';
import type { Redis } from 'ioredis';

/** Stamps end by themselves after this: what was not ended by a change ends then. */
const LIFE_MS = 60_000;
/** While the store is away it is tried so often. */
const RETRY_MS = 1_000;
/** Stamps that could not be ended and are ended later; more than this many end by themselves. */
const UNENDED_MAX = 50_000;

export interface SharedStamps {
  /** The stamp of a thing as all gateways know it; undefined while the store is away. */
  of(id: string): Promise<string | undefined>;
  /** Ends stamps: whatever was read under them is over everywhere. Never rejects. */
  end(ids: readonly string[]): Promise<void>;
  close(): void;
}

interface SharedStampsDeps {
  store: Redis;
  /** What the stamps are of, for the names of their keys. */
  of: string;
  log: Pick<Logger, 'warn' | 'info'>;
  metrics: Metrics;
}

/**
 * Stamps in Redis or Valkey: random, so that one which was ended never comes back. Nothing but
 * stamps is kept there, no balances and no names. While the store is away nothing is remembered
 * and nobody waits for it; what could not be ended is ended before it is trusted again.
 */
export function createSharedStamps({ store, of, log, metrics }: SharedStampsDeps): SharedStamps {
  const unended = new Set<string>();
  let away = false;
  let retrying: NodeJS.Timeout | undefined;

  const faults = metrics.counter({
    name: 'read_cache_store_faults_total',
    help: 'Times that the shared store of stamps did not answer in time',
  });

  const keyOf = (id: string): string => `florin:read:${of}:${id}`;

  function miss(error: unknown): void {
    faults.inc();
    if (away) return;
    away = true;
    log.warn({ err: error }, `reads of ${of} are not remembered: the store of stamps is away`);
    retrying = setTimeout(() => void retry(), RETRY_MS).unref();
  }

  /** Everything that should have ended ends before a stamp is asked for again. */
  async function retry(): Promise<void> {
    try {
      const keys = [...unended].map(keyOf);
      if (keys.length > 0) await store.unlink(...keys);
      else await store.ping();
      unended.clear();
      away = false;
      log.info(`reads of ${of} are remembered again`);
    } catch {
      faults.inc();
      retrying = setTimeout(() => void retry(), RETRY_MS).unref();
    }
  }

  /** The first to ask makes it; whoever asks at the same moment takes that one. */
  async function make(key: string): Promise<string | undefined> {
    const stamp = randomBytes(9).toString('base64url');
    const made = await store.set(key, stamp, 'PX', LIFE_MS, 'NX');
    return made === 'OK' ? stamp : ((await store.get(key)) ?? undefined);
  }

  return {
    async of(id) {
      if (away) return undefined;
      try {
        const key = keyOf(id);
        return (await store.get(key)) ?? (await make(key));
      } catch (error) {
        miss(error);
        return undefined;
      }
    },
    async end(ids) {
      try {
        if (!away) return void (await store.unlink(...ids.map(keyOf)));
      } catch (error) {
        miss(error);
      }
      if (unended.size < UNENDED_MAX) for (const id of ids) unended.add(id);
    },
    close() {
      clearTimeout(retrying);
    },
  };
}
