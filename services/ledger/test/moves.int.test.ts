import {
  LANE_REQUESTS,
  LANE_TYPES,
  LEDGER_REQUESTS,
  partitionOf,
  SHARD_MAP_KEY,
  KV_BUCKETS,
  type Outcome,
  type ShardMap,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { readValue, request } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { eventually, freshDatabase } from '@florin/testing';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callOff, movePartition, whyNotMove, type MoveParts } from '../move/move-partition.ts';
import { MOVED_TABLES, STAYING_TABLES } from '../move/moved-tables.ts';
import { shardPlace } from '../shard-place.ts';
import { openSurroundings, PARTITIONS, type Surroundings } from './ledger-surroundings.ts';

const map: ShardMap = { version: 1, partitions: [0, 1, 0, 1] };

let around: Surroundings;
let databases: pg.Pool[];
const pools: pg.Pool[] = [];

function poolOf(url: string, name: string, pipeline: boolean, max = 3): pg.Pool {
  const pool = createHotPool({ url, applicationName: name, max, pipeline });
  pools.push(pool);
  return pool;
}

/** A wallet with 10,000 in each partition. */
const wallets: string[] = [];

beforeAll(async () => {
  around = await openSurroundings(PARTITIONS);
  const first = { shard: 0, shardMap: map, partitions: PARTITIONS };
  await around.startOne('shard-0', { shard: await shardPlace(around.bus, first) });
  databases = [poolOf(around.url, 'mover', false), await startShard(1, map)];
  while (Object.keys(wallets).length < PARTITIONS) {
    const wallet = await around.fundedWallet('10000');
    wallets[partitionOf(wallet, PARTITIONS)] = wallet;
  }
});

afterAll(async () => {
  await around.close();
  for (const pool of pools) await pool.end();
});

const walletOf = (partition: number): string => wallets[partition % PARTITIONS] as string;
const ask = <Name extends keyof typeof LEDGER_REQUESTS>(name: Name) => LEDGER_REQUESTS[name];
const parts = (partition: number, from: number, to: number): MoveParts => ({
  source: databases[from] as pg.Pool,
  target: databases[to] as pg.Pool,
  bus: around.bus,
  partition,
  from,
  to,
  heardByMs: 300,
});
const transactionOf = (outcome: Outcome) =>
  outcome.kind === 'transaction' ? outcome.transaction : undefined;
const broken = async () =>
  (await request(around.bus, ask('verifyBooks'), {}, { timeoutMs: 30_000 })).breaks;

/** Everything that can be read of a wallet; what tells time of asking left out. */
async function readAll(wallet: string) {
  const { wallets: found } = await request(around.bus, ask('getWallets'), { ids: [wallet] });
  const entries = await request(around.bus, ask('listEntries'), { walletId: wallet, limit: 100 });
  const transactions = await request(around.bus, ask('listTransactions'), {
    walletIds: [wallet],
    filter: {},
    limit: 100,
  });
  return { wallet: found[0], entries: entries.items, transactions: transactions.items };
}

/** Payments between all wallets, one after the other, until it is told to stop. */
function startPaying() {
  let stopping = false;
  const sent: string[] = [];
  async function pay(): Promise<void> {
    for (let n = 0; !stopping; n++) {
      const [from, to] = [walletOf(n), walletOf(n + 1 + (n % 3))];
      const id = await around.transfer(from, to, '1');
      sent.push(id);
      if (n % 4 === 3) await around.outcomeOf(id);
    }
  }
  const paying = pay();
  return async () => {
    stopping = true;
    await paying;
    return Promise.all(sent.map(async (id) => transactionOf(await around.outcomeOf(id))?.status));
  };
}

/** Whoever was paid gives something back. */
async function reverse(paid: string, payee: string, amount: string): Promise<string> {
  const transactionId = uuidv7();
  await around.send(LANE_TYPES.followUpInitiated, transactionId, payee, {
    transactionId,
    clientId: 'client',
    bodyHash: 'y'.repeat(22),
    walletId: payee,
    relatedTransactionId: paid,
    type: 'reversal',
    amount,
    currency: 'USD',
    all: false,
  });
  return transactionId;
}

/** A further database, and a ledger that keeps it. */
async function startShard(shard: number, shardMap: ShardMap): Promise<pg.Pool> {
  const url = await freshDatabase('ledger_lanes', new URL('../migrations', import.meta.url));
  const settings = { shard, shardMap, partitions: PARTITIONS };
  await around.startOne(`shard-${shard}`, {
    shard: await shardPlace(around.bus, settings),
    postings: poolOf(url, 'postings', true),
    reads: poolOf(url, 'reads', true),
    leases: poolOf(url, 'leases', true, 1),
  });
  return poolOf(url, 'mover', false);
}

async function peopleHave(): Promise<bigint> {
  const { wallets: found } = await request(around.bus, ask('getWallets'), { ids: wallets });
  return found.reduce((sum, { balances }) => sum + BigInt(balances.posted), 0n);
}

/** Hunts a table that a move forgets: its rows would be gone with the first partition. */
test('every table of the books moves, or is said why not', async () => {
  const { rows } = await around.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND relname <> 'migrations'`,
  );
  const known = [...MOVED_TABLES.map(({ table }) => table), ...Object.keys(STAYING_TABLES)];
  expect(rows.map(({ name }) => name).toSorted()).toEqual(known.toSorted());
});

/** Hunts money lost or doubled, and payments that stand still, by a move killed anywhere. */
test('a partition moves while payments go on, however often its mover ends half-way', async () => {
  const stop = startPaying();
  const money = await peopleHave();
  let ends = 0;
  for (;;) {
    let steps = 0;
    // Ended at the first step, then at the second, and so on through all of them.
    const onStep = (): void => {
      if (steps++ === ends) throw new Error('killed');
    };
    const moved = await movePartition({ ...parts(2, 0, 1), onStep }).catch((error: unknown) => {
      expect(String(error)).toContain('killed');
    });
    if (moved !== undefined) break;
    ends += 1;
  }
  expect(ends).toBeGreaterThan(5);
  const told = await stop();
  expect(new Set(told)).toEqual(new Set(['completed']));
  expect(await peopleHave()).toBe(money);
  expect(await broken()).toEqual([]);
  const known = await readValue(around.bus, KV_BUCKETS.shards, SHARD_MAP_KEY);
  expect(JSON.parse(known?.value ?? '')).toMatchObject({ version: 2, partitions: [0, 1, 1, 1] });
  const { rows } = await (databases[0] as pg.Pool).query('SELECT FROM wallets WHERE partition = 2');
  expect(rows).toEqual([]);
}, 120_000);

/** Moves a partition, and waits until somebody has it; reads the same before and after. */
async function moveUnseen(partition: number, from: number, to: number): Promise<void> {
  const before = await Promise.all(wallets.map(readAll));
  await movePartition(parts(partition, from, to));
  await eventually(async () => {
    const { lanes } = await request(around.bus, LANE_REQUESTS.listLanes, {});
    return lanes.some((lane) => lane.partition === partition && lane.owner !== null);
  });
  expect(await Promise.all(wallets.map(readAll))).toEqual(before);
  expect(await broken()).toEqual([]);
}

/** Hunts history and holds that are lost on the way, and money given back once in each shard. */
test('a payment stays one payment when its wallets part, and when they meet again', async () => {
  const [payer, payee] = [walletOf(0), walletOf(2)];
  const hold = await around.order(payee, '70', {
    type: 'hold',
    counterpartyWalletId: payer,
    expiresInSeconds: 3600,
  });
  await around.outcomeOf(hold);
  const pay = async (): Promise<string> => {
    const id = await around.transfer(payer, payee, '50');
    expect(transactionOf(await around.outcomeOf(id))?.status).toBe('completed');
    return id;
  };
  const giveBack = async (paid: string): Promise<string | undefined> => {
    const outcome = await around.outcomeOf(await reverse(paid, payee, '20'));
    expect(await broken()).toEqual([]);
    return transactionOf(outcome)?.status;
  };
  const crossed = await pay();
  await moveUnseen(2, 1, 0);
  const paid = await pay();
  expect(await giveBack(crossed)).toBe('completed');
  await moveUnseen(2, 0, 1);
  expect([await giveBack(paid), await giveBack(crossed)]).toEqual(['completed', 'completed']);
  expect(await giveBack(crossed)).toBe('failed');
  await moveUnseen(2, 1, 0);
  expect([await giveBack(paid), await giveBack(paid)]).toEqual(['completed', 'failed']);
  const { transaction } = await request(around.bus, ask('getTransaction'), { id: paid });
  expect(transaction).toMatchObject({ amount: '50', status: 'completed' });
}, 120_000);

/** Hunts a lane that nobody owns after a move was given up. */
test('a move that is called off leaves everything where it was', async () => {
  const before = await Promise.all(wallets.map(readAll));
  const onStep = (step: string): void => {
    if (step.startsWith('fenced there, complete')) throw new Error('killed');
  };
  await expect(movePartition({ ...parts(0, 0, 1), onStep })).rejects.toThrow('killed');
  const refused = await whyNotMove(parts(2, 0, 1));
  expect(refused).toEqual([expect.stringContaining('partition 0 is on its way')]);
  await callOff(parts(0, 0, 1));
  const id = await around.transfer(walletOf(0), walletOf(1), '1');
  expect(transactionOf(await around.outcomeOf(id))?.status).toBe('completed');
  await around.outcomeOf(await around.transfer(walletOf(1), walletOf(0), '1'));
  const after = await Promise.all(wallets.map(readAll));
  expect(after.map(({ wallet }) => wallet?.balances)).toEqual(
    before.map(({ wallet }) => wallet?.balances),
  );
  expect(await broken()).toEqual([]);
  expect(await whyNotMove(parts(0, 0, 1))).toEqual([]);
  expect(await whyNotMove(parts(0, 1, 0))).toContain('partition 0 is in shard 0');
});

/** Hunts an installation that can't grow: a shard that waits for its first partition for ever. */
test('an empty shard joins, and gets the first partition that it keeps', async () => {
  const known = await readValue(around.bus, KV_BUCKETS.shards, SHARD_MAP_KEY);
  const now = JSON.parse(known?.value ?? '') as ShardMap;
  databases[2] = await startShard(2, { ...now, shards: 3 });
  const before = await Promise.all(wallets.map(readAll));
  await movePartition(parts(3, 1, 2));
  expect(await Promise.all(wallets.map(readAll))).toEqual(before);
  for (const [from, to] of [
    [3, 0],
    [1, 3],
  ] as const) {
    const id = await around.transfer(walletOf(from), walletOf(to), '1');
    expect(transactionOf(await around.outcomeOf(id))?.status).toBe('completed');
  }
  expect(await broken()).toEqual([]);
}, 60_000);
