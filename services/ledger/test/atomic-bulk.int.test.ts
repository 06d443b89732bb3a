import { LANE_TYPES, LEDGER_REQUESTS, partitionOf, type Outcome } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { request } from '@florin/messaging';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSurroundings, PARTITIONS, type Surroundings } from './ledger-surroundings.ts';

let around: Surroundings;

beforeAll(async () => {
  around = await openSurroundings();
  await around.startOne('one');
});

afterAll(() => around.close());

type Item = readonly [from: string, to: string, amount: string];

/** Sends a bulk to the lane of the first payer; answers the ids of its items. */
async function send(items: readonly Item[]): Promise<{ bulkId: string; ids: string[] }> {
  const bulkId = uuidv7();
  const ids = items.map(() => uuidv7());
  const walletId = items[0]?.[0] ?? '';
  const orders = items.map(([from, to, amount], at) => ({
    transactionId: ids[at],
    walletId: from,
    counterpartyWalletId: to,
    amount,
    currency: 'USD',
  }));
  const data = { bulkId, clientId: 'client', bodyHash: 'x'.repeat(22), walletId, orders };
  await around.send(LANE_TYPES.bulkInitiated, bulkId, walletId, data);
  return { bulkId, ids };
}

const posted = async (...ids: string[]) => {
  const { wallets } = await request(around.bus, LEDGER_REQUESTS.getWallets, { ids });
  return ids.map((id) => wallets.find((one) => one.id === id)?.balances.posted);
};

/** Wallets with 100 each, no two of the same partition. */
async function onePerPartition(): Promise<string[]> {
  const found = new Map<number, string>();
  while (found.size < PARTITIONS) {
    const wallet = await around.fundedWallet('100');
    found.set(partitionOf(wallet, PARTITIONS), wallet);
  }
  return [...found.values()];
}

test('payers of every partition pay together, or nobody does and the item is named', async () => {
  const [a = '', b = '', c = '', d = ''] = await onePerPartition();
  const done = await send([
    [a, b, '100'],
    [b, c, '200'],
    [c, d, '300'],
  ]);
  const outcomes = await Promise.all(done.ids.map((id) => around.outcomeOf(id)));
  for (const one of outcomes) expect(one).toMatchObject({ transaction: { status: 'completed' } });
  expect(await posted(a, b, c, d)).toEqual(['0', '0', '0', '400']);
  const refused = await send([
    [d, a, '400'],
    [b, a, '1'],
    [a, d, '1'],
  ]);
  expect(await around.outcomeOf(refused.bulkId)).toMatchObject({
    kind: 'bulk-refused',
    item: 1,
    transaction: { id: refused.ids[1], failure: { code: 'insufficient-funds' } },
  });
  expect(await posted(a, b, c, d)).toEqual(['0', '0', '0', '400']);
  expect(await around.brokenBooks()).toEqual([]);
});

test('bulks and payments of the same wallets in all lanes at once come out exact', async () => {
  const wallets = await onePerPartition();
  const pick = (n: number): string => wallets[n % wallets.length] as string;
  const sent = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      send([
        [pick(n), pick(n + 1), '7'],
        [pick(n + 1), pick(n + 2), '11'],
        [pick(n + 2), pick(n + 3), String(n + 1)],
      ]),
    ),
  );
  const single = await Promise.all(
    Array.from({ length: 40 }, (_, n) => around.transfer(pick(n), pick(n + 1), '3')),
  );
  await Promise.all(single.map((id) => around.outcomeOf(id)));
  const whole = await Promise.all(
    sent.map(({ bulkId, ids }) =>
      Promise.race([
        around.outcomeOf(bulkId),
        Promise.all(ids.map((id) => around.outcomeOf(id))),
      ]).then((one: Outcome | Outcome[]) => (Array.isArray(one) ? 'done' : one.kind)),
    ),
  );
  expect(whole.filter((one) => one === 'done').length).toBeGreaterThan(0);
  const total = (await posted(...wallets)).reduce((sum, one) => sum + Number(one), 0);
  expect(total).toBe(100 * PARTITIONS);
  expect(await around.brokenBooks()).toEqual([]);
});

test('a thousand items are one decision', async () => {
  const [a, b] = [await around.fundedWallet('1000'), await around.openWallet()];
  const { ids } = await send(Array.from({ length: 1000 }, (): Item => [a, b, '1']));
  await Promise.all(ids.map((id) => around.outcomeOf(id)));
  expect(await posted(a, b)).toEqual(['0', '1000']);
  const { bulkId } = await send([
    ...Array.from({ length: 999 }, (): Item => [b, a, '1']),
    [b, a, '2'],
  ]);
  expect(await around.outcomeOf(bulkId)).toMatchObject({ kind: 'bulk-refused', item: 999 });
  expect(await posted(a, b)).toEqual(['0', '1000']);
  expect(await around.brokenBooks()).toEqual([]);
});

test('whoever may not, or does not say whose lane it is, is buried', async () => {
  const [a, b] = [await around.fundedWallet('10'), await around.openWallet()];
  const before = await around.deadLetters();
  const order = { transactionId: uuidv7(), walletId: a, counterpartyWalletId: b, amount: '1' };
  const bulk = (more: object) => {
    const orders = [{ ...order, currency: 'USD', ...more }];
    const bulkId = uuidv7();
    return { bulkId, clientId: 'c', bodyHash: 'x'.repeat(22), walletId: a, orders };
  };
  const risk = {
    score: 0.1,
    decision: 'approve',
    reasons: [],
    modelVersion: 't',
    mode: 'enforce',
    degraded: false,
  };
  const type = LANE_TYPES.bulkInitiated;
  await around.send(type, uuidv7(), a, bulk({ risk }), { as: 'gateway' });
  await around.send(type, uuidv7(), a, bulk({}), { as: 'ledger' });
  await around.send(type, uuidv7(), a, bulk({}), { as: 'banking' });
  const paid = await around.transfer(a, b, '1');
  await around.outcomeOf(paid);
  expect(await around.deadLetters()).toBe(before + 3);
});
