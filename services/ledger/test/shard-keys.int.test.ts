import { LANE_TYPES, LEDGER_REQUESTS, partitionOf, type ShardMap } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { request } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { eventually, freshDatabase } from '@florin/testing';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSurroundings, PARTITIONS, type Surroundings } from './ledger-surroundings.ts';

const map: ShardMap = { version: 1, partitions: [0, 1, 0, 1] };

let around: Surroundings;
let second: string;
const pools: pg.Pool[] = [];

const poolOf = (name: string, max = 2): pg.Pool => {
  const pool = createHotPool({ url: second, applicationName: name, max, pipeline: true });
  pools.push(pool);
  return pool;
};

const startSecond = () =>
  around.startOne('shard-1', {
    shard: { own: 1, map },
    postings: poolOf('postings'),
    reads: poolOf('reads'),
    leases: poolOf('leases', 1),
  });

beforeAll(async () => {
  around = await openSurroundings(PARTITIONS);
  second = await freshDatabase('ledger_lanes', new URL('../migrations', import.meta.url));
  await around.startOne('shard-0', { shard: { own: 0, map } });
  await startSecond();
});

afterAll(async () => {
  await around.close();
  for (const pool of pools) await pool.end();
});

/** A wallet with 1000 in it, in the shard that is wanted. */
async function walletIn(shard: number): Promise<string> {
  for (;;) {
    const wallet = await around.fundedWallet('1000');
    if (map.partitions[partitionOf(wallet, PARTITIONS)] === shard) return wallet;
  }
}

/** Asks for a payment under a key; the answer to it is that of the returned number. */
async function payUnder(key: string, from: string, to: string): Promise<number> {
  const told = around.outcomes.get(key)?.length ?? 0;
  const pays = { type: 'transfer', counterpartyWalletId: to, transactionId: key };
  await around.order(from, '10', pays);
  return told + 1;
}

const postedOf = async (wallet: string): Promise<string | undefined> => {
  const { wallets } = await request(around.bus, LEDGER_REQUESTS.getWallets, { ids: [wallet] });
  return wallets[0]?.balances.posted;
};
const verify = () => request(around.bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 30_000 });

/** Hunts a second payment under the key of one that another shard has made. */
test('a key of one shard is refused in the other, whatever is asked for', async () => {
  const [near, far] = [await walletIn(0), await walletIn(1)];
  const others = [await walletIn(0), await walletIn(1)] as const;
  const key = uuidv7();
  const first = await around.outcomeOf(key, await payUnder(key, near, others[0]));
  expect(first).toMatchObject({ kind: 'transaction', transaction: { status: 'completed' } });
  for (const payee of [others[1], others[0]]) {
    const refused = await around.outcomeOf(key, await payUnder(key, far, payee));
    expect(refused).toEqual({ kind: 'key-reused', requestId: key });
  }
  const bulkId = uuidv7();
  const item = { walletId: far, counterpartyWalletId: others[1], amount: '5', currency: 'USD' };
  await around.send(LANE_TYPES.bulkInitiated, bulkId, far, {
    bulkId,
    clientId: 'client',
    bodyHash: 'x'.repeat(22),
    walletId: far,
    orders: [
      { ...item, transactionId: uuidv7() },
      { ...item, transactionId: key },
    ],
  });
  expect(await around.outcomeOf(bulkId)).toEqual({ kind: 'key-reused', requestId: bulkId });
  const again = await around.outcomeOf(key, await payUnder(key, near, others[0]));
  expect(again).toMatchObject({ kind: 'transaction', replayed: true });
  expect([await postedOf(near), await postedOf(far)]).toEqual(['990', '1000']);
  expect((await verify()).breaks).toEqual([]);
});

/** Hunts a reused key that nobody ever hears of because one shard was away when it was asked. */
test('what was paid twice while a shard was away is a break of reconciliation', async () => {
  const [near, far] = [await walletIn(0), await walletIn(1)];
  const others = [await walletIn(0), await walletIn(1)] as const;
  const key = uuidv7();
  await around.outcomeOf(key, await payUnder(key, far, others[1]));
  await around.ledgers[1]?.stop();
  const decided = await around.outcomeOf(key, await payUnder(key, near, others[0]));
  expect(decided).toMatchObject({ kind: 'transaction', transaction: { status: 'completed' } });
  await startSecond();
  await eventually(async () => (await verify()).breaks.length > 0);
  expect((await verify()).breaks[0]).toMatchObject({
    invariant: 'I4 a key stands for one payment in all shards',
    detail: expect.stringContaining(key) as string,
  });
}, 60_000);
