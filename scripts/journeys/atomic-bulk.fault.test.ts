import { LEDGER_REQUESTS } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { connect, request } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { machineToken } from '../faults/machine-token.ts';
import type { Platform } from '../platform/platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { createPerson, fundedWallet, type Person } from './person.ts';

let platform: Platform;
let machine: Person;

beforeAll(async () => {
  // In shadow mode every item is scored on its way, and none is held for what it looks like.
  platform = await startScratchPlatform({
    fraudScoring: 'shadow',
    services: ['bank-simulator', 'banking', 'fraud', 'gateway', 'identity', 'ledger'],
  });
  const { gatewayUrl: url, oauthClient } = platform.dev();
  machine = createPerson(url, await machineToken(url, oauthClient)());
});
afterAll(() => platform.stop());

interface BulkAnswer {
  items: { status: number; transaction?: { status: string; risk?: { mode: string } } }[];
  code?: string;
  detail?: string;
  errors?: { pointer: string; detail: string }[];
  transaction?: { id: string; failure: { code: string } };
}

type Item = readonly [from: string, to: string, amount: string];

async function bulk(items: readonly Item[], key = uuidv7()) {
  const body = {
    mode: 'atomic',
    items: items.map(([fromWalletId, toWalletId, amount]) => {
      return { type: 'transfer', fromWalletId, toWalletId, amount };
    }),
  };
  const headers = { 'idempotency-key': key };
  const path = '/v1/transactions/bulk';
  const answer = await machine.call<BulkAnswer>('POST', path, body, headers);
  const statuses = answer.body.items?.slice(0, 5).map(({ status }) => status) ?? [];
  console.log(`  bulk of ${items.length} -> ${answer.status} items ${statuses.join(' ')}`);
  if (answer.body.detail !== undefined) console.log(`    ${answer.body.detail}`);
  return answer;
}

async function posted(...wallets: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const id of wallets) found.push((await machine.wallet(id)).balances.posted);
  console.log(`  posted: ${found.join(' ')}`);
  return found;
}

async function booksAreRight(): Promise<void> {
  const log = createLogger('test', 'fatal');
  await using bus = await connect({ url: platform.dev().natsUrl, name: 'test', log });
  const { breaks } = await request(bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 60_000 });
  expect(breaks).toEqual([]);
  console.log('  books: every invariant holds, each currency sums to zero');
}

test('all items are done, or none and the first refused is named, now and for ever', async () => {
  const [a, b, c] = [
    await fundedWallet(machine, '1000'),
    await fundedWallet(machine, '0'),
    await fundedWallet(machine, '0'),
  ];
  const key = uuidv7();
  const items: Item[] = [
    [a, b, '600'],
    [b, c, '500'],
    [a, c, '400'],
  ];
  const done = await bulk(items, key);
  expect(done.status).toBe(200);
  expect(done.body.items.map(({ status, transaction }) => [status, transaction?.status])).toEqual(
    Array.from({ length: 3 }, () => [201, 'completed']),
  );
  // Each was scored, though none of it decided.
  expect(done.body.items.every(({ transaction }) => transaction?.risk?.mode === 'shadow')).toBe(
    true,
  );
  const again = await bulk(items, key);
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  expect(await posted(a, b, c)).toEqual(['0', '100', '900']);
  expect((await bulk(items.slice(1), key)).body.code).toBe('idempotency-key-reused');

  const failing: Item[] = [
    [c, a, '900'],
    [b, a, '101'],
    [a, b, '1'],
  ];
  const otherKey = uuidv7();
  for (const replayed of [null, 'true']) {
    const refused = await bulk(failing, otherKey);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      code: 'insufficient-funds',
      errors: [{ pointer: '/items/1' }],
      items: [{ status: 424 }, { status: 422 }, { status: 424 }],
      transaction: { failure: { code: 'insufficient-funds' } },
    });
    expect(refused.headers.get('idempotency-replayed')).toBe(replayed);
  }
  expect(await posted(a, b, c)).toEqual(['0', '100', '900']);
  const nobody = await bulk([
    [b, a, '1'],
    [uuidv7(), a, '1'],
  ]);
  expect([nobody.status, nobody.body.errors?.[0]?.pointer]).toEqual([404, '/items/1']);
  await booksAreRight();
});

test('a thousand items are decided at once', async () => {
  const [a, b] = [await fundedWallet(machine, '1000'), await fundedWallet(machine, '0')];
  const startedMs = performance.now();
  const done = await bulk(Array.from({ length: 1000 }, (): Item => [a, b, '1']));
  console.log(`  ${Math.round(performance.now() - startedMs)} ms`);
  expect(done.status).toBe(200);
  expect(await posted(a, b)).toEqual(['0', '1000']);
  await booksAreRight();
});
