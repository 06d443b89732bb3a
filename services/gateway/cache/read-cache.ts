import type { Metrics } from '@florin/runtime';
import { LRUCache } from 'lru-cache';
import type { SharedStamps } from './shared-stamps.ts';

/** Longer than this nothing is shown, whatever was not heard. */
const LIFE_MS = 60_000;
/** Things remembered at once, and characters of all their texts: some 16 MB at most. */
const ENTRIES_MAX = 20_000;
const CHARACTERS_MAX = 8_000_000;

export interface ReadCache {
  /**
   * The text of a thing: as it was fetched before where nothing has changed since, else fetched
   * now. What does not exist is never remembered.
   */
  read(id: string, fetch: () => Promise<string | undefined>): Promise<string | undefined>;
  /** A change was heard of: what this process knows is over. */
  drop(id: string): void;
  /**
   * Something is changed by a request that is about to be answered: what any gateway knows is over
   * once this resolves, at once where it is undefined. Never rejects.
   */
  forget(ids: readonly string[]): Promise<void> | undefined;
  clear(): void;
}

interface ReadCacheDeps {
  name: string;
  /** Where several gateways tell each other what is over; undefined for one that is alone. */
  shared: SharedStamps | undefined;
  /** Whether changes are heard of now. */
  isUsable(): boolean;
  metrics: Metrics;
}

interface Entry {
  text: string;
  stamp: number;
  shared: string;
}

/**
 * Remembers what was read. An entry is good while two stamps are those that it was fetched under:
 * one of this process, which ends with every event, and one that all gateways share, which ends
 * before whoever changed the thing is answered. Both are taken before the fetch, so that a fetch
 * which a change has overtaken is told, but not remembered.
 */
export function createReadCache({ name, shared, isUsable, metrics }: ReadCacheDeps): ReadCache {
  const stamps = new LRUCache<string, number>({ max: ENTRIES_MAX });
  const entries = new LRUCache<string, Entry>({
    max: ENTRIES_MAX,
    maxSize: CHARACTERS_MAX,
    sizeCalculation: ({ text }) => text.length + 1,
    ttl: LIFE_MS,
    dispose: (_, __, reason) => {
      if (reason === 'evict') evicted.inc({ cache: name });
    },
  });
  let lastStamp = 0;

  const reads = metrics.counter({
    name: 'read_cache_reads_total',
    help: 'Reads by where they were answered from: hit, miss, or bypass where nothing is kept',
    labelNames: ['cache', 'result'],
  });
  const evicted = metrics.counter({
    name: 'read_cache_evictions_total',
    help: 'Things forgotten for want of room',
    labelNames: ['cache'],
  });
  const size = metrics.gauge({
    name: 'read_cache_entries',
    help: 'Things remembered',
    labelNames: ['cache'],
  });

  function stampOf(id: string): number {
    const known = stamps.get(id);
    if (known !== undefined) return known;
    lastStamp += 1;
    stamps.set(id, lastStamp);
    return lastStamp;
  }

  function drop(id: string): void {
    stamps.delete(id);
    entries.delete(id);
  }

  async function read(
    id: string,
    fetch: () => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const stamp = stampOf(id);
    const common = !isUsable() ? undefined : shared === undefined ? '' : await shared.of(id);
    if (common === undefined) {
      reads.inc({ cache: name, result: 'bypass' });
      return fetch();
    }
    const known = entries.get(id);
    if (known?.stamp === stamp && known.shared === common) {
      reads.inc({ cache: name, result: 'hit' });
      return known.text;
    }
    reads.inc({ cache: name, result: 'miss' });
    const text = await fetch();
    if (text !== undefined && stamps.peek(id) === stamp && isUsable()) {
      entries.set(id, { text, stamp, shared: common });
      size.set({ cache: name }, entries.size);
    }
    return text;
  }

  return {
    read,
    drop,
    forget(ids) {
      ids.forEach(drop);
      return ids.length === 0 ? undefined : shared?.end(ids);
    },
    clear() {
      stamps.clear();
      entries.clear();
    },
  };
}
