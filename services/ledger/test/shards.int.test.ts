import { LANE_TYPES, LEDGER_REQUESTS, STREAMS, type Outcome } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { readPartition, request } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Letter } from '../domain/changes.ts';
import { startRepeatDepartures } from '../lane/repeat-departures.ts';
import { shardPlace } from '../shard-place.ts';
import { OWNER, PARTITIONS } from './ledger-surroundings.ts';
import {
  openShardedSurroundings,
  shardMap as map,
  type ShardedSurroundings,
} from './sharded-surroundings.ts';

let around: ShardedSurroundings;

beforeAll(async () => {
  around = await openShardedSurroundings();
});
afterAll(() => around.close());

const ask = <Name extends keyof typeof LEDGER_REQUESTS>(name: Name) => LEDGER_REQUESTS[name];
const balancesOf = async (...ids: string[]) => {
  const { wallets } = await request(around.bus, ask('getWallets'), { ids });
  return ids.map((id) => wallets.find((wallet) => wallet.id === id)?.balances);
};
const transactionOf = (outcome: Outcome) =>
  outcome.kind === 'transaction' ? outcome.transaction : undefined;
const broken = async () =>
  (await request(around.bus, ask('verifyBooks'), {}, { timeoutMs: 30_000 })).breaks;

/** Hunts a second answer, a wrong balance, and an event that tells one side only. */
test('a transfer between shards is one transaction, with one answer and one event', async () => {
  const [payer, payee] = [await around.walletIn(0), await around.walletIn(1)];
  const completed: { transaction: { id: string }; entries: { walletId: string }[] }[] = [];
  const reader = readPartition(around.bus, {
    stream: STREAMS.events,
    filterSubject: 'evt.*.*.transaction-completed',
    startAfter: 0,
    onMessage: ({ body }) =>
      completed.push(
        ...(JSON.parse(Buffer.from(body).toString()) as { data: (typeof completed)[0] }[]).map(
          ({ data }) => data,
        ),
      ),
    onDisorder: () => undefined,
  });
  const id = await around.transfer(payer, payee, '300');
  expect(transactionOf(await around.outcomeOf(id))).toMatchObject({
    status: 'completed',
    balances: { posted: '700', held: '0' },
  });
  expect(await balancesOf(payer, payee)).toMatchObject([{ posted: '700' }, { posted: '1300' }]);
  await eventually(() => completed.some(({ transaction }) => transaction.id === id));
  await reader.stop();
  const told = completed.filter(({ transaction }) => transaction.id === id);
  expect(told).toHaveLength(1);
  expect(told[0]?.entries.map(({ walletId }) => walletId)).toEqual(
    expect.arrayContaining([payer, payee]),
  );
  expect(around.outcomes.get(id)).toHaveLength(1);
  expect(await broken()).toEqual([]);
});

/** Hunts lists in which a payment is missing, twice, or known by two ids. */
test('whoever is asked tells both sides the same payment, once', async () => {
  const [payer, payee] = [await around.walletIn(0), await around.walletIn(1)];
  const id = await around.transfer(payer, payee, '5');
  await around.outcomeOf(id);
  const { transaction } = await request(around.bus, ask('getTransaction'), { id });
  expect(transaction).toMatchObject({ id, status: 'completed', balances: { posted: '995' } });
  for (const walletIds of [[payer], [payee], [payer, payee]]) {
    const question = { walletIds, filter: { type: 'transfer' as const }, limit: 10 };
    const { items } = await request(around.bus, ask('listTransactions'), question);
    expect(items).toMatchObject([{ id, amount: '5', walletId: payer }]);
  }
  const { items } = await request(around.bus, ask('listEntries'), { walletId: payee, limit: 1 });
  expect(items).toMatchObject([{ transactionId: id, amount: '5', balanceAfter: '1005' }]);
  const mine: string[] = [];
  let cursor: string | undefined;
  do {
    const question = { ownerId: OWNER, limit: 1, ...(cursor !== undefined && { cursor }) };
    const page = await request(around.bus, ask('listWallets'), question);
    mine.push(...page.items.map((wallet) => wallet.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(mine).size).toBe(mine.length);
  expect(mine).toEqual(expect.arrayContaining([payer, payee]));
});

/** Hunts holds that stay when the other shard says no, and orders that nobody answers. */
test('what the other shard refuses fails by its name', async () => {
  const [payer, payee] = [await around.walletIn(1), await around.walletIn(0)];
  const freeze = { requestId: uuidv7(), walletId: payee, to: 'frozen' };
  await around.send(LANE_TYPES.changeWalletStatus, freeze.requestId, payee, freeze);
  await around.outcomeOf(freeze.requestId);
  const refused = await around.transfer(payer, payee, '10');
  expect(transactionOf(await around.outcomeOf(refused))?.failure?.code).toBe('wallet-frozen');
  expect(await balancesOf(payer)).toMatchObject([{ posted: '1000', held: '0' }]);
  expect(await broken()).toEqual([]);
});

/** Hunts payments that are lost or doubled when a shard is away between the steps. */
test('payments wait for a shard that is away, and those asked for again happen once', async () => {
  const near = [await around.walletIn(0), await around.walletIn(0)];
  const far = [await around.walletIn(1), await around.walletIn(1)];
  const [, away] = around.ledgers;
  await away?.stop();
  const sent: string[] = [];
  for (let n = 0; n < 20; n++) {
    sent.push(await around.transfer(near[n % 2] as string, far[n % 2] as string, '7'));
  }
  const waiting = async () => {
    const { rows } = await around.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM departures WHERE settled_at IS NULL',
    );
    return rows[0]?.n;
  };
  await eventually(async () => (await waiting()) === sent.length);
  const letters: Letter[] = [];
  const repeating = startRepeatDepartures({
    pool: around.pool,
    partitions: () => [0, 1, 2, 3],
    nowUs: () => (Date.now() + 60_000) * 1000,
    send: (some) => void letters.push(...some),
    log: createLogger('test', 'fatal'),
  });
  await eventually(() => letters.length >= sent.length);
  await repeating.stop();
  for (const { type, transactionId, wallet, data } of letters) {
    await around.send(type, transactionId, wallet, data, { as: 'ledger' });
  }
  await around.startSecond();
  for (const id of sent) {
    expect(transactionOf(await around.outcomeOf(id))?.status).toBe('completed');
  }
  expect(await balancesOf(...near, ...far)).toMatchObject([
    { posted: '930', held: '0' },
    { posted: '930', held: '0' },
    { posted: '1070' },
    { posted: '1070' },
  ]);
  expect(await broken()).toEqual([]);
  expect(await around.deadLetters()).toBe(0);
});

/** Hunts two ledgers that keep the same partition in different databases. */
test('a ledger goes by the newest map, and not by another one of its version', async () => {
  const settings = { shard: 1, shardMap: map, partitions: PARTITIONS };
  expect(await shardPlace(around.bus, settings)).toEqual({ own: 1, map });
  const other = { ...map, partitions: [1, 0, 0, 1] };
  const refused = [
    { ...settings, shardMap: other },
    { ...settings, shardMap: undefined, shard: 0 },
    { ...settings, shard: 2 },
    { ...settings, partitions: PARTITIONS * 2 },
  ];
  for (const wrong of refused) {
    await expect(shardPlace(around.bus, wrong)).rejects.toThrow(/map|MAP/);
  }
  const newer = { ...other, version: 2 };
  expect(await shardPlace(around.bus, { ...settings, shardMap: newer })).toMatchObject({ own: 1 });
  expect(await shardPlace(around.bus, settings)).toEqual({ own: 1, map: newer });
  const empty = { ...newer, shards: 3 };
  expect(await shardPlace(around.bus, { ...settings, shard: 2, shardMap: empty })).toMatchObject({
    own: 2,
  });
});

/** Hunts a database that is started for partitions whose history lies in another one. */
test('a database is not started for other partitions than it has', async () => {
  const moved = { own: 0, map: { version: 2, partitions: [0, 0, 1, 1] } };
  await expect(around.startOne('moved', { shard: moved })).rejects.toThrow('keeps partitions 0,2');
});
