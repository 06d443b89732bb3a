import { createLogger, createMetrics } from '@florin/runtime';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { createReadCache, type ReadCache } from './read-cache.ts';
import { createSharedStamps } from './shared-stamps.ts';

const log = createLogger('test', 'silent');
let usable = true;

function alone(): ReadCache {
  return createReadCache({
    name: 'things',
    shared: undefined,
    isUsable: () => usable,
    metrics: createMetrics('test'),
  });
}

/** Reads and says whether it had to be fetched. */
async function read(cache: ReadCache, id: string, text: string | undefined): Promise<string> {
  let fetched = false;
  const found = await cache.read(id, async () => {
    fetched = true;
    return text;
  });
  return `${fetched ? 'fetched' : 'kept'} ${found ?? 'nothing'}`;
}

describe('hunts what a cache keeps for too long, or not at all', () => {
  test('a thing is kept until a change of it is heard', async () => {
    const cache = alone();
    expect(await read(cache, 'a', '1')).toBe('fetched 1');
    expect(await read(cache, 'b', '1')).toBe('fetched 1');
    expect(await read(cache, 'a', '2')).toBe('kept 1');
    cache.drop('a');
    expect(await read(cache, 'a', '2')).toBe('fetched 2');
    expect(cache.forget(['a'])).toBeUndefined();
    expect(await read(cache, 'a', '3')).toBe('fetched 3');
    expect(await read(cache, 'b', '2')).toBe('kept 1');
    cache.clear();
    expect(await read(cache, 'b', '3')).toBe('fetched 3');
  });

  test('what a change has overtaken while it was fetched is told, and not kept', async () => {
    const cache = alone();
    const fetching = Promise.withResolvers<string>();
    const first = cache.read('a', () => fetching.promise);
    cache.drop('a');
    fetching.resolve('old');
    expect(await first).toBe('old');
    expect(await read(cache, 'a', 'new')).toBe('fetched new');
  });

  test('what does not exist is asked for each time, and nothing is kept while deaf', async () => {
    const cache = alone();
    expect(await read(cache, 'a', undefined)).toBe('fetched nothing');
    expect(await read(cache, 'a', '1')).toBe('fetched 1');
    usable = false;
    expect(await read(cache, 'a', '2')).toBe('fetched 2');
    expect(await read(cache, 'a', '3')).toBe('fetched 3');
    usable = true;
  });

  test('it has an end: by number, and by size', async () => {
    const cache = alone();
    for (let nth = 0; nth < 20_100; nth++) await read(cache, `n${nth}`, 'x');
    expect(await read(cache, 'n0', 'y')).toBe('fetched y');
    expect(await read(cache, 'n20099', 'y')).toBe('kept x');
    const large = 'x'.repeat(1_000_000);
    for (let nth = 0; nth < 10; nth++) await read(cache, `large${nth}`, large);
    expect(await read(cache, 'large0', 'y')).toBe('fetched y');
    expect(await read(cache, 'large9', 'y')).toBe(`kept ${large}`);
  });
});

/** What the gateway uses of a store, each command at a moment that the scheduler chooses. */
function scheduledStore(scheduler: fc.Scheduler) {
  const keys = new Map<string, string>();
  const later = <T>(act: () => T): Promise<T> => scheduler.schedule(Promise.resolve()).then(act);
  const store = {
    get: (key: string) => later(() => keys.get(key) ?? null),
    set: (key: string, value: string) =>
      later(() => {
        if (keys.has(key)) return null;
        keys.set(key, value);
        return 'OK';
      }),
    unlink: (...ended: string[]) => later(() => ended.filter((key) => keys.delete(key)).length),
  };
  return store as unknown as Redis;
}

describe('hunts an order of events in which somebody reads what was before their change', () => {
  test('whichever gateway writes and reads, and however its steps are interleaved', async () => {
    const steps = fc.array(fc.record({ writes: fc.boolean(), gateway: fc.nat({ max: 2 }) }), {
      minLength: 2,
      maxLength: 14,
    });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), steps, async (scheduler, plan) => {
        const store = scheduledStore(scheduler);
        let version = 0;
        let answered = 0;
        const gateways = [0, 1, 2].map(() =>
          createReadCache({
            name: 'things',
            shared: createSharedStamps({ store, of: 'things', log, metrics: createMetrics('t') }),
            isUsable: () => true,
            metrics: createMetrics('t'),
          }),
        );
        const write = async (cache: ReadCache): Promise<void> => {
          const written = ++version;
          await cache.forget(['a']);
          answered = Math.max(answered, written);
        };
        const look = async (cache: ReadCache): Promise<void> => {
          const atLeast = answered;
          const seen = await cache.read('a', async () => {
            await scheduler.schedule(Promise.resolve());
            const text = String(version);
            await scheduler.schedule(Promise.resolve());
            return text;
          });
          expect(Number(seen)).toBeGreaterThanOrEqual(atLeast);
        };
        const running = plan.map(async ({ writes, gateway }) => {
          await scheduler.schedule(Promise.resolve());
          const cache = gateways[gateway] as ReadCache;
          return writes ? write(cache) : look(cache);
        });
        await scheduler.waitFor(Promise.all(running));
      }),
      { numRuns: 100 },
    );
  }, 240_000);
});
