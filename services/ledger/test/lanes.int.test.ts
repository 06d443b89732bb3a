import {
  eventFilter,
  ledgerEvent,
  ledgerEventBatch,
  LANE_TYPES,
  laneSubject,
  partitionOf,
  STREAMS,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { jsonOf, provision, readPartition } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  openSurroundings,
  PARTITIONS,
  type RunningLedger,
  type Surroundings,
} from './ledger-surroundings.ts';

let around: Surroundings;

beforeAll(async () => {
  around = await openSurroundings();
  await around.startOne('one');
});

afterAll(() => around.close());

describe('money moves over real lanes', () => {
  test('a transfer, its refusal, a withdrawal captured and one released', async () => {
    const ana = await around.fundedWallet('1000');
    const ben = await around.openWallet();
    expect(await around.outcomeOf(await around.transfer(ana, ben, '250'))).toMatchObject({
      kind: 'transaction',
      replayed: false,
      transaction: { status: 'completed', balances: { posted: '750', available: '750' } },
    });
    expect(await around.outcomeOf(await around.transfer(ana, ben, '751'))).toMatchObject({
      transaction: { status: 'failed', failure: { code: 'insufficient-funds' } },
    });
    const bank = { type: 'withdrawal', bankAccount: 'ok' };
    const kept = await around.order(ana, '100', bank);
    expect(await around.outcomeOf(kept)).toMatchObject({
      transaction: { status: 'held', balances: { posted: '750', held: '100', available: '650' } },
    });
    await around.settle(kept, ana, 'completed');
    expect(await around.outcomeOf(kept, 2)).toMatchObject({
      transaction: { status: 'completed', balances: { posted: '650', held: '0' } },
    });
    const released = await around.order(ana, '100', bank);
    await around.settle(released, ana, 'failed');
    expect(await around.outcomeOf(released, 2)).toMatchObject({
      transaction: {
        status: 'failed',
        failure: { code: 'bank-declined' },
        balances: { posted: '650', held: '0' },
      },
    });
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('what nobody may say or understand becomes a dead letter; the lane goes on', async () => {
    const ana = await around.fundedWallet('100');
    const partition = partitionOf(ana, PARTITIONS);
    const before = await around.deadLetters();
    const data = around.orderOf(ana, '1', { type: 'withdrawal', bankAccount: 'ok' });
    await around.send(LANE_TYPES.transactionInitiated, data.transactionId, ana, data, {
      as: 'banking',
    });
    await around.bus.js.publish(laneSubject('ready', partition, ana), 'not signed');
    await around.publisherOf('gateway').publish({
      subject: laneSubject('ready', partition, ana),
      body: '{"not": "an array"}',
      id: uuidv7(),
      type: 'x',
      wallet: ana,
      partition,
    });
    await around.send(LANE_TYPES.transactionInitiated, uuidv7(), ana, { ...data, amount: '1.5' });
    await eventually(async () => (await around.deadLetters()) === before + 4);
    expect(
      await around.outcomeOf(await around.transfer(ana, await around.openWallet(), '100')),
    ).toMatchObject({
      transaction: { status: 'completed' },
    });
  });

  test('a wallet that still awaits a deposit is not closed: money would come to it', async () => {
    const ana = await around.openWallet();
    const deposit = await around.order(ana, '700', { type: 'deposit', bankAccount: 'ok' });
    await around.outcomeOf(deposit);
    const close = uuidv7();
    const change = { requestId: close, walletId: ana, to: 'closed' };
    await around.send(LANE_TYPES.changeWalletStatus, close, ana, change);
    expect(await around.outcomeOf(close)).toMatchObject({ code: 'wallet-not-empty' });
    await around.settle(deposit, ana, 'completed');
    expect(await around.outcomeOf(deposit, 2)).toMatchObject({
      transaction: { status: 'completed', balances: { posted: '700' } },
    });
    expect(around.ledgers.flatMap(({ keeper }) => [...keeper.halted()])).toEqual([]);
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('text that Postgres can’t store is a dead letter and halts nobody’s lane', async () => {
    const ana = await around.fundedWallet('100');
    const before = await around.deadLetters();
    const bank = { type: 'withdrawal', bankAccount: 'ok' };
    await around.order(ana, '1', { ...bank, metadata: { note: 'a\u0000b' } });
    await around.order(ana, '1', { ...bank, metadata: { 'half\ud800': 'b' } });
    await around.order(ana, '1', { ...bank, description: 'half a smile \ud83d' });
    await eventually(async () => (await around.deadLetters()) === before + 3);
    expect(await around.outcomeOf(await around.order(ana, '100', bank))).toMatchObject({
      transaction: { status: 'held' },
    });
  });

  test('a bank called null is a bank, and no missing one', async () => {
    const ana = await around.fundedWallet('100');
    const payout = await around.order(ana, '40', { type: 'withdrawal', bankAccount: 'null' });
    await around.outcomeOf(payout);
    await around.settle(payout, ana, 'completed');
    expect(await around.outcomeOf(payout, 2)).toMatchObject({
      transaction: { status: 'completed', bankAccount: 'null', balances: { posted: '60' } },
    });
  });

  test('orders and their settlements that wait together are decided together', async () => {
    const ana = await around.fundedWallet('1000');
    const [last] = around.ledgers as [RunningLedger];
    await last.stop();
    around.ledgers.shift();
    const bank = { bankAccount: 'ok' };
    const deposit = await around.order(ana, '50', { type: 'deposit', ...bank });
    await around.settle(deposit, ana, 'completed');
    const withdrawal = await around.order(ana, '20', { type: 'withdrawal', ...bank });
    await around.settle(withdrawal, ana, 'completed');
    await around.startOne('after');
    expect(await around.outcomeOf(withdrawal, 2)).toMatchObject({
      transaction: { status: 'completed', balances: { posted: '1030', held: '0' } },
    });
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('people paying each other at once, and many into one wallet, come out exact', async () => {
    const [ana, ben] = [await around.fundedWallet('5000'), await around.fundedWallet('5000')];
    const sent = await Promise.all(
      Array.from({ length: 400 }, (_, n) =>
        n % 2 === 0 ? around.transfer(ana, ben, '7') : around.transfer(ben, ana, '3'),
      ),
    );
    await Promise.all(sent.map((id) => around.outcomeOf(id)));
    const { rows } = await around.pool.query<{ id: string; posted: bigint }>(
      'SELECT id, posted FROM wallets WHERE id = ANY ($1)',
      [[ana, ben]],
    );
    expect(rows.find((row) => row.id === ana)?.posted).toBe(5000n - 200n * 7n + 200n * 3n);
    expect(rows.find((row) => row.id === ben)?.posted).toBe(5000n + 200n * 7n - 200n * 3n);
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('the same order sent fifty times moves money once', async () => {
    const [ana, ben] = [await around.fundedWallet('100'), await around.openWallet()];
    const data = around.orderOf(ana, '60', { type: 'transfer', counterpartyWalletId: ben });
    const id = data.transactionId;
    await Promise.all(
      Array.from({ length: 50 }, () => around.send(LANE_TYPES.transactionInitiated, id, ana, data)),
    );
    await around.outcomeOf(id, 50);
    const replays = (around.outcomes.get(id) ?? []).filter(
      (outcome) => outcome.kind === 'transaction' && outcome.replayed,
    );
    expect(replays).toHaveLength(49);
    expect(await around.brokenBooks()).toEqual([]);
  });
});

describe('partitions change hands', () => {
  test('a second ledger takes its share, and all of it as soon as the first stops', async () => {
    const [one] = around.ledgers as [RunningLedger];
    const two = await around.startOne('two');
    await eventually(() => two.keeper.lanes().size === PARTITIONS / 2);
    await eventually(() => one.keeper.lanes().size === PARTITIONS / 2);
    const ana = await around.fundedWallet('1000');
    const ben = await around.openWallet();
    await one.stop();
    await eventually(() => two.keeper.lanes().size === PARTITIONS);
    around.ledgers.shift();
    expect(await around.outcomeOf(await around.transfer(ana, ben, '1'))).toMatchObject({
      transaction: { status: 'completed' },
    });
    expect(await around.brokenBooks()).toEqual([]);
  });
});

describe('events', () => {
  test('every partition’s events are told in order without gaps, whoever told them', async () => {
    const seen = new Map<number, number[]>();
    const reader = readPartition(around.bus, {
      stream: STREAMS.events,
      filterSubject: eventFilter('*'),
      startAfter: 0,
      onMessage(message) {
        for (const { data } of ledgerEventBatch.parse(jsonOf(message))) {
          const { partition, sequence } = data;
          const sequences = seen.get(partition) ?? [];
          if (sequence > (sequences.at(-1) ?? 0)) sequences.push(sequence);
          seen.set(partition, sequences);
        }
      },
      onDisorder: () => undefined,
    });
    const { rows } = await around.pool.query<{ partition: number; event_sequence: bigint }>(
      'SELECT partition, event_sequence FROM partitions WHERE event_sequence > 0',
    );
    await eventually(() =>
      rows.every((row) => (seen.get(row.partition)?.length ?? 0) >= Number(row.event_sequence)),
    );
    for (const sequences of seen.values()) {
      expect(sequences).toEqual(sequences.map((_, place) => place + 1));
    }
    await reader.stop();
  });

  test('events that were never told are told by the next owner, the same to the byte', async () => {
    const before = await allEvents();
    const last = around.ledgers.at(-1) as RunningLedger;
    await last.stop();
    around.ledgers.pop();
    await around.pool.query('UPDATE partitions SET published_sequence = 0');
    await around.startOne('three');
    const total = before.reduce((sum, events) => sum + events.length, 0);
    await eventually(async () => (await allEvents()).flat().length >= 2 * total);
    const told = await allEvents();
    told.forEach((events, partition) => {
      const first = before[partition] ?? [];
      expect(events.slice(first.length, 2 * first.length)).toEqual(first);
    });
  });

  /** Per partition the events in the stream, parsed. */
  async function allEvents(): Promise<unknown[][]> {
    const { lastSequence } = await around.bus.jsm.streams
      .info(STREAMS.events)
      .then((info) => ({ lastSequence: info.state.last_seq }));
    const found: unknown[][] = Array.from({ length: PARTITIONS }, () => []);
    for (let sequence = 1; sequence <= lastSequence; sequence++) {
      const stored = await around.bus.jsm.streams.getMessage(STREAMS.events, { seq: sequence });
      for (const raw of stored?.json<unknown[]>() ?? []) {
        found[ledgerEvent.parse(raw).data.partition]?.push(raw);
      }
    }
    return found;
  }
});

test('a stream created anew halts its partitions instead of skipping or repeating', async () => {
  const last = around.ledgers.at(-1) as RunningLedger;
  await last.stop();
  around.ledgers.pop();
  await around.bus.jsm.streams.delete(STREAMS.transactions);
  await provision(around.bus);
  const four = await around.startOne('four');
  await eventually(() => four.keeper.halted().size > 0);
  expect([...four.keeper.halted().values()][0]).toContain('created anew');
});
