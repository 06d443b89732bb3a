import { LANE_TYPES, LEDGER_REQUESTS, partitionOf, STREAMS } from '@florin/contracts';
import { systemClock, uuidv7 } from '@florin/kernel';
import { request } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSurroundings, PARTITIONS, type Surroundings } from './ledger-surroundings.ts';

let around: Surroundings;
/** The ledgers' clock stands this much ahead of ours. */
let aheadMs = 0;

beforeAll(async () => {
  around = await openSurroundings();
  await start('one');
});

afterAll(() => around.close());

const start = (owner: string) =>
  around.startOne(owner, {
    clock: { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs },
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

const followed = async (...asked: Parameters<typeof follow>) =>
  around.outcomeOf(await follow(...asked));

const hold = (from: string, to: string, amount: string, expiresInSeconds = 600) =>
  around.order(from, amount, { type: 'hold', counterpartyWalletId: to, expiresInSeconds });

const get = async (id: string) =>
  (await request(around.bus, LEDGER_REQUESTS.getTransaction, { id })).transaction;

const balancesOf = async (id: string) =>
  (await request(around.bus, LEDGER_REQUESTS.getWallets, { ids: [id] })).wallets[0]?.balances;

describe('reversals over real lanes', () => {
  test('of payments between any two lanes: linked both ways, never too much', async () => {
    const ana = await around.fundedWallet('1000');
    for (let n = 0; n < 2 * PARTITIONS; n++) {
      const ben = await around.openWallet();
      const paid = await around.transfer(ana, ben, '100');
      await around.outcomeOf(paid);
      const first = await follow(ben, { type: 'reversal', of: paid, amount: '40' });
      expect(await around.outcomeOf(first)).toMatchObject({
        transaction: { status: 'completed', relatedTransactionId: paid, remaining: '60' },
      });
      const rest = await follow(ben, { type: 'reversal', of: paid });
      expect(await around.outcomeOf(rest)).toMatchObject({ transaction: { amount: '60' } });
      expect(await get(paid)).toMatchObject({
        status: 'reversed',
        reversedAmount: '100',
        relatedTransactionIds: [first, rest],
      });
      expect(await followed(ben, { type: 'reversal', of: paid, amount: '1' })).toMatchObject({
        transaction: { status: 'failed', failure: { code: 'hold-already-settled' } },
      });
    }
    expect(await balancesOf(ana)).toMatchObject({ posted: '1000' });
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('of many at once as many are carried out as there is money of the original', async () => {
    const [ana, ben] = [await around.fundedWallet('1000'), await around.fundedWallet('1000')];
    const paid = await around.transfer(ana, ben, '100');
    await around.outcomeOf(paid);
    const asked = await Promise.all(
      Array.from({ length: 30 }, () => follow(ben, { type: 'reversal', of: paid, amount: '7' })),
    );
    const outcomes = await Promise.all(asked.map((id) => around.outcomeOf(id)));
    const codes = outcomes.map((one) =>
      one.kind === 'transaction' ? (one.transaction.failure?.code ?? 'done') : one.kind,
    );
    expect(codes.filter((code) => code === 'done')).toHaveLength(14);
    expect(codes.filter((code) => code === 'limit-exceeded')).toHaveLength(16);
    expect(await get(paid)).toMatchObject({ status: 'completed', reversedAmount: '98' });
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('a payment and its reversal that wait together are told one after the other', async () => {
    const ana = await around.fundedWallet('1000');
    let ben = await around.openWallet();
    while (partitionOf(ben, PARTITIONS) !== partitionOf(ana, PARTITIONS)) {
      ben = await around.openWallet();
    }
    await around.ledgers.pop()?.stop();
    const paid = await around.transfer(ana, ben, '100');
    const asked = await follow(ben, { type: 'reversal', of: paid });
    await start('together');
    expect(await around.outcomeOf(asked)).toMatchObject({ transaction: { status: 'completed' } });
    const told = await allEvents();
    const ofPayment = told.find((event) => event.includes(`"transaction":{"id":"${paid}"`));
    expect(ofPayment).toContain('"status":"completed"');
    expect(ofPayment).not.toContain('reversed');
    expect(await get(paid)).toMatchObject({ status: 'reversed' });
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('a chargeback, and what can’t be followed at all', async () => {
    const ana = await around.openWallet();
    const deposit = await around.order(ana, '500', { type: 'deposit', bankAccount: 'ok' });
    await around.settle(deposit, ana, 'completed');
    await around.outcomeOf(deposit, 2);
    expect(await followed(ana, { type: 'reversal', of: deposit, amount: '200' })).toMatchObject({
      transaction: { status: 'completed', balances: { posted: '300' }, remaining: '300' },
    });
    const before = await around.deadLetters();
    await follow(ana, { type: 'reversal', of: uuidv7() });
    await follow(ana, { type: 'capture', of: deposit });
    await eventually(async () => (await around.deadLetters()) === before + 2);
    expect(await around.brokenBooks()).toEqual([]);
  });
});

describe('holds over real lanes', () => {
  test('captured in parts, the rest released; balances of any moment are found again', async () => {
    const [ana, ben] = [await around.fundedWallet('1000'), await around.openWallet()];
    const held = await hold(ana, ben, '600');
    expect(await around.outcomeOf(held)).toMatchObject({
      transaction: { status: 'held', balances: { available: '400' } },
    });
    const first = await follow(ana, { type: 'capture', of: held, amount: '250' });
    await around.outcomeOf(first);
    const between = (await get(first))?.completedAt ?? '';
    expect(await around.brokenBooks()).toEqual([]);
    const last = await follow(ana, { type: 'capture', of: held, amount: '50', final: true });
    expect(await around.outcomeOf(last)).toMatchObject({ transaction: { remaining: '0' } });
    expect(await get(held)).toMatchObject({
      status: 'completed',
      hold: { capturedAmount: '300', releasedAmount: '300' },
      relatedTransactionIds: [first, last],
    });
    await followed(ben, { type: 'reversal', of: first });
    expect(await balancesOf(ana)).toEqual({ posted: '950', held: '0', available: '950' });
    expect((await get(held))?.relatedTransactionIds).toEqual([first, last]);
    const asked = { id: ana, at: between };
    const { wallet } = await request(around.bus, LEDGER_REQUESTS.getWalletAt, asked);
    expect(wallet?.balances).toEqual({ posted: '750', held: '350', available: '400' });
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('order, capture and release that wait together are decided together', async () => {
    const [ana, ben] = [await around.fundedWallet('1000'), await around.openWallet()];
    await around.ledgers.pop()?.stop();
    const held = await hold(ana, ben, '600');
    await follow(ana, { type: 'capture', of: held, amount: '100' });
    await follow(ana, { type: 'capture', of: held, amount: '100' });
    const released = await follow(ana, { type: 'release', of: held });
    await start('batch');
    expect(await around.outcomeOf(released)).toMatchObject({ transaction: { amount: '400' } });
    expect(await get(held)).toMatchObject({ status: 'completed' });
    expect(await balancesOf(ana)).toEqual({ posted: '800', held: '0', available: '800' });
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('of many captures at once as many are carried out as was held', async () => {
    const [ana, ben] = [await around.fundedWallet('1000'), await around.openWallet()];
    const held = await hold(ana, ben, '100');
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => follow(ana, { type: 'capture', of: held, amount: '7' })),
    );
    const outcomes = await Promise.all(asked.map((id) => around.outcomeOf(id)));
    const done = outcomes.filter(
      (one) => one.kind === 'transaction' && one.transaction.status === 'completed',
    );
    expect(done).toHaveLength(14);
    expect(await balancesOf(ben)).toMatchObject({ posted: '98' });
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('its time over, it is released by itself; what was captured stays', async () => {
    const [ana, ben] = [await around.fundedWallet('1000'), await around.openWallet()];
    const [untouched, captured] = [await hold(ana, ben, '100', 5), await hold(ana, ben, '200', 5)];
    await followed(ana, { type: 'capture', of: captured, amount: '50' });
    aheadMs += 6_000;
    await eventually(async () => (await get(captured))?.status === 'completed');
    await eventually(async () => (await get(untouched))?.status === 'failed');
    expect(await get(untouched)).toMatchObject({ failure: { code: 'hold-expired' } });
    expect(await balancesOf(ana)).toEqual({ posted: '950', held: '0', available: '950' });
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('Postgres itself refuses more than was held, and to change what is settled', async () => {
    const [ana, ben] = [await around.fundedWallet('1000'), await around.openWallet()];
    const held = await hold(ana, ben, '100');
    await around.outcomeOf(held);
    const change = (what: string) =>
      around.pool.query(`UPDATE holds SET ${what} WHERE transaction_id = $1`, [held]);
    await expect(change('captured = 101')).rejects.toThrow('holds_check');
    await expect(change('captured = 100')).rejects.toThrow('holds_settled_entirely');
    await expect(change('amount = 99')).rejects.toThrow('would grow');
    await followed(ana, { type: 'release', of: held });
    await expect(change('captured = 1')).rejects.toThrow('is settled');
    const [from, to] = [await around.fundedWallet('10'), await around.openWallet()];
    const paid = await around.transfer(from, to, '10');
    await around.outcomeOf(paid);
    const reverse = (what: string) =>
      around.pool.query(`UPDATE transactions SET ${what} WHERE id = $1`, [paid]);
    await expect(reverse("status = 'reversed'")).rejects.toThrow('is final');
    await expect(reverse("status = 'failed', failure_code = 'x'")).rejects.toThrow('is final');
    await expect(reverse("status = 'reversed', reversed = 11")).rejects.toThrow('check constraint');
    await expect(reverse("status = 'reversed', reversed = 9")).rejects.toThrow('when_all_is');
    await expect(reverse('reversed = 4, amount = 20')).rejects.toThrow('is final');
  });
});

test('all of it is told again after a crash, the same to the byte', async () => {
  const before = await allEvents();
  await around.ledgers.pop()?.stop();
  await around.pool.query('UPDATE partitions SET published_sequence = 0');
  await start('again');
  await eventually(async () => (await allEvents()).length >= 2 * before.length);
  const told = await allEvents();
  const ofPartition = (events: string[], partition: number) =>
    events.filter((event) => event.includes(`"data":{"partition":${partition},`));
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const first = ofPartition(before, partition);
    expect(ofPartition(told, partition).slice(first.length)).toEqual(first);
  }
  for (const type of ['reversal', 'capture', 'release', 'hold']) {
    expect(told.some((event) => event.includes(`"type":"${type}"`))).toBe(true);
  }
});

/** All events in the stream, each as the bytes that were told. */
async function allEvents(): Promise<string[]> {
  const { state } = await around.bus.jsm.streams.info(STREAMS.events);
  const found: string[] = [];
  for (let sequence = 1; sequence <= state.last_seq; sequence++) {
    const stored = await around.bus.jsm.streams.getMessage(STREAMS.events, { seq: sequence });
    const text = stored?.string() ?? '[]';
    found.push(...text.slice(1, -1).split(/,(?=\{"specversion")/));
  }
  return found;
}
