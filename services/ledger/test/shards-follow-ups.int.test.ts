import {
  FEE_REQUESTS,
  LANE_TYPES,
  LEDGER_REQUESTS,
  STREAMS,
  type LaneMessage,
  type Outcome,
  type Transaction,
} from '@florin/contracts';
import { systemClock, uuidv7 } from '@florin/kernel';
import { readPartition, request } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Letter } from '../domain/changes.ts';
import { startRepeatDepartures } from '../lane/repeat-departures.ts';
import { openShardedSurroundings, type ShardedSurroundings } from './sharded-surroundings.ts';

let around: ShardedSurroundings;
/** The ledgers' clock stands this much ahead of ours. */
let aheadMs = 0;
const told: { transaction: Transaction; entries: { walletId: string }[] }[] = [];
let reader: ReturnType<typeof readPartition>;

const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };

beforeAll(async () => {
  around = await openShardedSurroundings({ clock });
  reader = readPartition(around.bus, {
    stream: STREAMS.events,
    filterSubject: 'evt.*.*.transaction-completed',
    startAfter: 0,
    onMessage: ({ body }) => {
      const events = JSON.parse(Buffer.from(body).toString()) as { data: (typeof told)[0] }[];
      told.push(...events.map(({ data }) => data));
    },
    onDisorder: () => undefined,
  });
});

afterAll(async () => {
  await reader.stop();
  await around.close();
});

interface Follow {
  type: 'reversal' | 'capture' | 'release';
  of: string;
  amount?: string;
  final?: boolean;
}

/** To the lane of `wallet`, as the gateway would; answers its id. */
async function follow(wallet: string, { type, of, amount, final = false }: Follow) {
  const id = uuidv7();
  await around.send(LANE_TYPES.followUpInitiated, id, wallet, {
    transactionId: id,
    clientId: 'client',
    bodyHash: 'x'.repeat(22),
    walletId: wallet,
    relatedTransactionId: of,
    amount: amount ?? '1',
    all: amount === undefined,
    currency: 'USD',
    type,
    ...(type === 'capture' && { final }),
  });
  return id;
}

const transactionOf = (outcome: Outcome) =>
  outcome.kind === 'transaction' ? outcome.transaction : undefined;
const followed = async (...asked: Parameters<typeof follow>) =>
  transactionOf(await around.outcomeOf(await follow(...asked)));
const hold = (from: string, to: string, amount: string, expiresInSeconds = 600) =>
  around.order(from, amount, { type: 'hold', counterpartyWalletId: to, expiresInSeconds });
const get = async (id: string) =>
  (await request(around.bus, LEDGER_REQUESTS.getTransaction, { id })).transaction;
const listed = async (walletIds: string[], type: Transaction['type']) =>
  (
    await request(around.bus, LEDGER_REQUESTS.listTransactions, {
      walletIds,
      filter: { type },
      limit: 10,
    })
  ).items;
async function balancesOf(...ids: string[]) {
  const { wallets } = await request(around.bus, LEDGER_REQUESTS.getWallets, { ids });
  return ids.map((id) => wallets.find((wallet) => wallet.id === id)?.balances);
}
const broken = async () =>
  (await request(around.bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 30_000 })).breaks;
const setStatus = async (walletId: string, to: 'frozen' | 'active') => {
  const change = { requestId: uuidv7(), walletId, to };
  await around.send(LANE_TYPES.changeWalletStatus, change.requestId, walletId, change);
  await around.outcomeOf(change.requestId);
};

/** It was told once, with what it moved in both shards. */
async function expectToldOnce(id: string, ...wallets: string[]): Promise<void> {
  await eventually(() => told.some(({ transaction }) => transaction.id === id));
  const events = told.filter(({ transaction }) => transaction.id === id);
  expect(events).toHaveLength(1);
  expect(events[0]?.entries.map(({ walletId }) => walletId)).toEqual(
    expect.arrayContaining(wallets),
  );
  expect(around.outcomes.get(id)).toHaveLength(1);
}

/** The letters that the owners of lanes would send again by now, as soon as all of these wait. */
async function lettersAgain(pool: pg.Pool, ids: readonly string[]): Promise<Letter[]> {
  const letters: Letter[] = [];
  const repeating = startRepeatDepartures({
    pool,
    partitions: () => [0, 1, 2, 3],
    nowUs: () => (clock.nowMs() + 60_000) * 1000,
    send: (some) => void letters.push(...some),
    log: createLogger('test', 'fatal'),
  });
  const isAsked = (id: string) => letters.some(({ transactionId }) => transactionId === id);
  await eventually(() => ids.every(isAsked));
  await repeating.stop();
  return letters;
}

describe('reversals of payments between shards', () => {
  test('hunts a link, a limit or an event that only one shard knows', async () => {
    const [ana, ben] = [await around.walletIn(0), await around.walletIn(1)];
    const paid = await around.transfer(ana, ben, '100');
    await around.outcomeOf(paid);
    const first = await follow(ben, { type: 'reversal', of: paid, amount: '40' });
    expect(transactionOf(await around.outcomeOf(first))).toMatchObject({
      status: 'completed',
      relatedTransactionId: paid,
      remaining: '60',
      balances: { posted: '1060', held: '0' },
    });
    const rest = await follow(ben, { type: 'reversal', of: paid });
    expect(transactionOf(await around.outcomeOf(rest))).toMatchObject({ amount: '60' });
    const again = await followed(ben, { type: 'reversal', of: paid, amount: '1' });
    expect(again?.failure?.code).toBe('hold-already-settled');
    expect(await get(paid)).toMatchObject({
      status: 'reversed',
      reversedAmount: '100',
      relatedTransactionIds: [first, rest],
    });
    for (const wallets of [[ana], [ben], [ana, ben]]) {
      expect(await listed(wallets, 'transfer')).toMatchObject([{ id: paid, status: 'reversed' }]);
      const reversals = (await listed(wallets, 'reversal')).filter((one) => !one.failure);
      expect(reversals.map(({ id, relatedTransactionId: of }) => [id, of])).toEqual([
        [rest, paid],
        [first, paid],
      ]);
    }
    await expectToldOnce(first, ana, ben);
    expect(await balancesOf(ana, ben)).toMatchObject([{ posted: '1000' }, { posted: '1000' }]);
    expect(await broken()).toEqual([]);
  });

  test('hunts more given back than was paid when many ask at once', async () => {
    const [ana, ben] = [await around.walletIn(1), await around.walletIn(0)];
    const paid = await around.transfer(ana, ben, '100');
    await around.outcomeOf(paid);
    const asked = await Promise.all(
      Array.from({ length: 12 }, () => follow(ben, { type: 'reversal', of: paid, amount: '15' })),
    );
    const outcomes = await Promise.all(asked.map((id) => around.outcomeOf(id)));
    const done = outcomes.filter((one) => transactionOf(one)?.status === 'completed');
    expect(done).toHaveLength(6);
    expect(await balancesOf(ana, ben)).toMatchObject([{ posted: '990' }, { posted: '1010' }]);
    expect(await broken()).toEqual([]);
  });

  test('hunts fees that the other shard’s books take for their own', async () => {
    const [ana, ben] = [await around.walletIn(0), await around.walletIn(1)];
    const tiers = [{ from: '0', flat: '7', basisPoints: 0 }];
    const rules = (['transfer', 'capture'] as const).map((type) => ({
      type,
      currency: 'USD' as const,
      paidBy: 'recipient' as const,
      tiers,
    }));
    const set = { basedOn: 0, rules, changedBy: 'test' };
    await request(around.bus, FEE_REQUESTS.setFees, set);
    await eventually(async () => {
      const paid = await around.transfer(ana, ben, '100');
      return transactionOf(await around.outcomeOf(paid))?.fee?.amount === '7';
    });
    const [paid] = await listed([ben], 'transfer');
    expect(paid).toMatchObject({ amount: '100', fee: { amount: '7', paidBy: 'recipient' } });
    const back = await followed(ben, { type: 'reversal', of: paid?.id ?? '' });
    expect(back).toMatchObject({ status: 'completed', amount: '100' });
    expect(await broken()).toEqual([]);
    await request(around.bus, FEE_REQUESTS.setFees, { ...set, basedOn: 1, rules: [] });
  });
});

describe('holds for somebody in another shard', () => {
  test('hunts captures that are lost between the shards, or beyond the hold', async () => {
    const [ana, ben] = [await around.walletIn(0), await around.walletIn(1)];
    const held = await hold(ana, ben, '100');
    expect(transactionOf(await around.outcomeOf(held))?.status).toBe('held');
    const first = await follow(ana, { type: 'capture', of: held, amount: '30' });
    expect(transactionOf(await around.outcomeOf(first))).toMatchObject({
      status: 'completed',
      relatedTransactionId: held,
      remaining: '70',
      balances: { posted: '970', held: '70' },
    });
    await expectToldOnce(first, ana, ben);
    expect((await followed(ana, { type: 'capture', of: held, amount: '71' }))?.failure?.code).toBe(
      'limit-exceeded',
    );
    const last = await follow(ana, { type: 'capture', of: held, amount: '20', final: true });
    expect(transactionOf(await around.outcomeOf(last))).toMatchObject({
      remaining: '0',
      balances: { posted: '950', held: '0' },
    });
    expect(await get(held)).toMatchObject({
      status: 'completed',
      hold: { capturedAmount: '50', releasedAmount: '50' },
      relatedTransactionIds: expect.arrayContaining([first, last]),
    });
    for (const wallets of [[ana], [ben], [ana, ben]]) {
      const captures = (await listed(wallets, 'capture')).filter((one) => !one.failure);
      expect(captures.map(({ id, relatedTransactionId: of }) => [id, of])).toEqual([
        [last, held],
        [first, held],
      ]);
    }
    const back = await followed(ben, { type: 'reversal', of: first });
    expect(back).toMatchObject({ status: 'completed', amount: '30' });
    expect(await balancesOf(ana, ben)).toMatchObject([{ posted: '980' }, { posted: '1020' }]);
    expect(await broken()).toEqual([]);
  });

  test('hunts a hold that a refused capture uses up, or that never ends', async () => {
    const [ana, ben] = [await around.walletIn(1), await around.walletIn(0)];
    const held = await hold(ana, ben, '100');
    await around.outcomeOf(held);
    await setStatus(ben, 'frozen');
    const refused = await followed(ana, { type: 'capture', of: held, final: true });
    expect(refused?.failure?.code).toBe('wallet-frozen');
    expect(await get(held)).toMatchObject({ status: 'held', hold: { capturedAmount: '0' } });
    expect(await followed(ana, { type: 'release', of: held })).toMatchObject({ amount: '100' });
    expect(await get(held)).toMatchObject({ status: 'reversed' });
    expect(await balancesOf(ana)).toMatchObject([{ posted: '1000', held: '0' }]);
    await setStatus(ben, 'active');
    expect(await broken()).toEqual([]);
  });
});

describe('conversions into another shard', () => {
  test('hunts another rate, a currency that is not zero, and a quote used twice', async () => {
    const [dollars, euros] = [await around.walletIn(0), await around.walletIn(1, 'EUR')];
    const promised = {
      id: uuidv7(),
      clientId: 'client',
      fromCurrency: 'USD',
      fromAmount: '100',
      toCurrency: 'EUR',
      toAmount: '91',
      rate: '0.91',
      midRate: '0.92',
      baseCurrency: 'USD',
      fromValue: '100',
      toValue: '99',
      expiresAt: '2101-01-01T00:00:00.000Z',
    } as const;
    const convert = (from = dollars) =>
      around.order(from, '100', {
        type: 'conversion',
        counterpartyWalletId: euros,
        quote: around.signedQuote(promised),
      });
    const id = await convert();
    expect(transactionOf(await around.outcomeOf(id))).toMatchObject({
      status: 'completed',
      balances: { posted: '900', held: '0' },
    });
    await expectToldOnce(id, dollars, euros);
    expect(await balancesOf(dollars, euros)).toMatchObject([{ posted: '900' }, { posted: '1091' }]);
    const facts = { id, amount: '100', currency: 'USD', conversion: { toAmount: '91' } };
    for (const wallets of [[dollars], [euros], [dollars, euros]]) {
      expect(await listed(wallets, 'conversion')).toMatchObject([facts]);
    }
    const { positions } = await request(around.bus, LEDGER_REQUESTS.listPositions, {});
    expect(positions.map(({ currency, amount }) => [currency, amount])).toEqual([
      ['EUR', '-91'],
      ['USD', '100'],
    ]);
    const again = transactionOf(await around.outcomeOf(await convert()));
    expect(again?.failure?.code).toBe('quote-used');
    const other = await around.walletIn(1);
    const elsewhere = transactionOf(await around.outcomeOf(await convert(other)));
    expect(elsewhere?.failure?.code).toBe('quote-used');
    expect(await broken()).toEqual([]);
  });
});

/** Hunts a part of what should be all or nothing, and one by one that stops at a refusal. */
test('several payments are done one by one between shards, and together not at all', async () => {
  const [ana, lea, ben] = [
    await around.walletIn(0),
    await around.walletIn(0),
    await around.walletIn(1),
  ];
  const frozen = await around.walletIn(1);
  await setStatus(frozen, 'frozen');
  const bulkId = uuidv7();
  const orders = [lea, ben].map((counterpartyWalletId) => ({
    transactionId: uuidv7(),
    walletId: ana,
    counterpartyWalletId,
    amount: '10',
    currency: 'USD',
  }));
  const bulk = { bulkId, clientId: 'client', bodyHash: 'x'.repeat(22), walletId: ana, orders };
  await around.send(LANE_TYPES.bulkInitiated, bulkId, ana, bulk);
  expect(await around.outcomeOf(bulkId)).toMatchObject({
    kind: 'bulk-refused',
    item: 1,
    transaction: { failure: { code: 'between-shards' } },
  });
  const ids = [];
  for (const payee of [lea, frozen, ben]) ids.push(await around.transfer(ana, payee, '10'));
  const outcomes = await Promise.all(ids.map((id) => around.outcomeOf(id)));
  expect(
    outcomes.map((one) => transactionOf(one)?.failure?.code ?? transactionOf(one)?.status),
  ).toEqual(['completed', 'wallet-frozen', 'completed']);
  expect(await balancesOf(ana)).toMatchObject([{ posted: '980', held: '0' }]);
  expect(await broken()).toEqual([]);
});

/** Hunts what is lost, doubled or held for ever when a shard is away between the steps. */
test('what waits for a shard that is away happens once, also when its time is over', async () => {
  const [ana, ben] = [await around.walletIn(0), await around.walletIn(1)];
  const [eva, dan] = [await around.walletIn(1), await around.walletIn(0)];
  const paid = await around.transfer(eva, dan, '100');
  await around.outcomeOf(paid);
  const held = await hold(ana, ben, '100', 60);
  await around.outcomeOf(held);
  await around.ledgers[1]?.stop();
  const sent = [
    await follow(ana, { type: 'capture', of: held, amount: '30' }),
    await follow(ana, { type: 'capture', of: held, amount: '10' }),
    await follow(dan, { type: 'reversal', of: paid, amount: '70' }),
  ];
  const released = await followed(ana, { type: 'release', of: held });
  expect(released).toMatchObject({ amount: '60' });
  aheadMs = 61_000;
  const letters = await lettersAgain(around.pool, sent);
  expect(await balancesOf(ana, dan)).toMatchObject([{ held: '40' }, { held: '70' }]);
  for (const { type, transactionId, wallet, data } of letters) {
    await around.send(type satisfies LaneMessage['type'], transactionId, wallet, data, {
      as: 'ledger',
    });
  }
  await around.startSecond();
  for (const id of sent) {
    expect(transactionOf(await around.outcomeOf(id))?.status).toBe('completed');
  }
  await eventually(async () => (await get(held))?.status === 'completed');
  expect(await balancesOf(ana, ben, eva, dan)).toMatchObject([
    { posted: '960', held: '0' },
    { posted: '1040', held: '0' },
    { posted: '970', held: '0' },
    { posted: '1030', held: '0' },
  ]);
  expect(await get(paid)).toMatchObject({ status: 'completed', reversedAmount: '70' });
  expect(await broken()).toEqual([]);
  expect(await around.deadLetters()).toBe(0);
});
