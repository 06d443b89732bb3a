import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GatewayProcess } from './gateway-process.ts';
import { startStoreDouble, type StoreDouble } from './store-double.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';

/**
 * Hunts a balance that is older than what its reader was told before: after each answered payment
 * every gateway must show it, whether it remembers, and whatever happens to the store.
 */

const stack = new AsyncDisposableStack();
let store: StoreDouble;
let world: Surroundings;
let other: GatewayProcess;
let gateways: GatewayProcess[];

beforeAll(async () => {
  store = stack.use(await startStoreDouble());
  world = stack.use(
    await createSurroundings({
      READ_CACHE: 'shared',
      REDIS_URL: store.url,
      RATE_LIMITS: JSON.stringify({ user: null, wallet: null }),
    }),
  );
  other = stack.use(await world.startAnother());
  gateways = [world.gateway, other];
});
afterAll(() => stack.disposeAsync());

async function versionAt(gateway: GatewayProcess): Promise<number> {
  const { status, body } = await world.call('GET', `${gateway.url}/v1/wallets/${world.ana.wallet}`);
  expect(status).toBe(200);
  return Number(body['version']);
}

/** A payment through a gateway, answered as final. */
async function payAt(gateway: GatewayProcess): Promise<void> {
  const { status } = await world.pay(`${gateway.url}/v1/transfers`, {
    fromWalletId: world.ana.wallet,
    toWalletId: world.ana.savings,
    amount: '1',
  });
  expect(status).toBe(201);
}

async function countOf(gateway: GatewayProcess, result: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', gateway.metricsUrl))).text();
  const counted = new RegExp(`read_cache_reads_total\\{.*result="${result}".*\\} (\\d+)`).exec(
    text,
  );
  return Number(counted?.[1] ?? 0);
}

/** Pays through one and reads at all, time after time; each read shows the payment before it. */
async function neverStale(rounds: number): Promise<void> {
  let version = await versionAt(world.gateway);
  for (let round = 0; round < rounds; round++) {
    await payAt(gateways[round % gateways.length] as GatewayProcess);
    version += 1;
    const seen = await Promise.all([...gateways, ...gateways].map(versionAt));
    expect([round, Math.min(...seen)]).toEqual([round, version]);
  }
}

describe('reads of two gateways', () => {
  test('are answered from memory while nothing changes', async () => {
    await eventually(async () => {
      for (const gateway of gateways) await versionAt(gateway);
      return (await countOf(world.gateway, 'hit')) > 0 && (await countOf(other, 'hit')) > 0;
    });
  });

  test('show what was paid through either of them', () => neverStale(40));

  test('go on, and stay right, while the store hangs', async () => {
    store.manner = 'silent';
    await neverStale(5);
    const startedMs = performance.now();
    for (let nth = 0; nth < 10; nth++) await versionAt(other);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(await countOf(other, 'bypass')).toBeGreaterThan(0);
  });

  test('go on while it is away, and are remembered again when it is back', async () => {
    store.manner = 'away';
    await neverStale(5);
    store.manner = 'answers';
    for (const gateway of gateways) {
      const before = await countOf(gateway, 'hit');
      await eventually(async () => {
        await versionAt(gateway);
        return (await countOf(gateway, 'hit')) > before;
      });
    }
    await neverStale(10);
  });

  test('leave nothing in the store but stamps', () => {
    for (const [key, value] of store.keys) {
      expect(key).toMatch(/^florin:read:(wallets|profiles):[0-9a-f-]{36}$|^florin:rate:/);
      if (key.startsWith('florin:read:')) expect(value).toMatch(/^[\w-]{12}$/);
    }
  });
});
