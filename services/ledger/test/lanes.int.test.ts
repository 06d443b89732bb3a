import {
  createEnvelope,
  eventFilter,
  ledgerEvent,
  ledgerEventBatch,
  LANE_TYPES,
  laneSubject,
  outcomeSubject,
  partitionOf,
  STREAMS,
  type Outcome,
} from '@florin/contracts';
import { systemClock, uuidv7 } from '@florin/kernel';
import {
  connect,
  createPublisher,
  createSigner,
  jsonOf,
  provision,
  readPartition,
  type Bus,
} from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger, createMetrics } from '@florin/runtime';
import { eventually, freshDatabase, freshNats, type NatsServer } from '@florin/testing';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVerifyBooks } from '../reads/verify-books.ts';
import { startLedger, type Ledger } from '../start-ledger.ts';

const PARTITIONS = 4;
const ORIGIN = 'gateway-test';
const keys = {
  gateway: { g1: Buffer.alloc(32, 1).toString('base64url') },
  banking: { b1: Buffer.alloc(32, 2).toString('base64url') },
  ledger: { l1: Buffer.alloc(32, 3).toString('base64url') },
};
const OWNER = uuidv7();

let nats: NatsServer;
let url: string;
let bus: Bus;
let pool: pg.Pool;
const outcomes = new Map<string, Outcome[]>();
const ledgers: Ledger[] = [];
const opened: pg.Pool[] = [];

const hotPool = (name: string, max = 2) => {
  const made = createHotPool({
    url,
    applicationName: name,
    max,
    idleInTransactionTimeoutMs: 1000,
    pipeline: true,
  });
  opened.push(made);
  return made;
};

async function startOne(owner: string): Promise<Ledger> {
  const log = createLogger(owner, 'fatal');
  const metrics = createMetrics(owner);
  const own = await connect({ url: nats.url, name: 'ledger', log, metrics });
  const ledger = await startLedger({
    bus: own,
    postings: hotPool('postings'),
    reads: hotPool('reads'),
    leases: hotPool('leases', 1),
    owner,
    partitions: PARTITIONS,
    // So long that within a test only a clean hand-over moves a partition.
    leaseMs: 60_000,
    reviewForMs: 3_600_000,
    signingKeys: keys,
    clock: systemClock,
    log,
    metrics,
  });
  const stop = async () => {
    await ledger.stop();
    await own.close();
  };
  const running = { keeper: ledger.keeper, stop };
  ledgers.push(running);
  return running;
}

beforeAll(async () => {
  nats = await freshNats();
  url = await freshDatabase('ledger_lanes', new URL('../migrations', import.meta.url));
  bus = await connect({ url: nats.url, name: 'test', log: createLogger('test', 'fatal') });
  await provision(bus);
  pool = hotPool('test');
  bus.nc.subscribe(outcomeSubject(ORIGIN), {
    callback: (_, message) => {
      for (const outcome of message.json<Outcome[]>()) {
        outcomes.set(outcome.requestId, [...(outcomes.get(outcome.requestId) ?? []), outcome]);
      }
    },
  });
  await startOne('one');
});

afterAll(async () => {
  for (const ledger of ledgers) await ledger.stop();
  await bus.close();
  for (const one of opened) await one.end();
  await nats.stop();
});

const publishers = new Map<string, ReturnType<typeof createPublisher>>();
function publisherOf(service: 'gateway' | 'banking') {
  const known = publishers.get(service);
  if (known !== undefined) return known;
  const [kid, key] = Object.entries(keys[service])[0] as [string, string];
  const made = createPublisher(bus, { signer: createSigner({ kid, key }) });
  publishers.set(service, made);
  return made;
}

async function send(
  type: (typeof LANE_TYPES)[keyof typeof LANE_TYPES],
  id: string,
  wallet: string,
  data: object,
  as: 'gateway' | 'banking' = 'gateway',
): Promise<void> {
  const partition = partitionOf(wallet, PARTITIONS);
  const time = new Date().toISOString();
  const envelope = createEnvelope(type, { id, source: 'test', wallet, time, data });
  await publisherOf(as).publish({
    subject: laneSubject('ready', partition, wallet),
    body: JSON.stringify([envelope]),
    id: uuidv7(),
    type,
    wallet,
    partition,
    headers: { 'Florin-Reply': ORIGIN },
  });
}

async function outcomeOf(id: string, count = 1): Promise<Outcome> {
  await eventually(() => (outcomes.get(id)?.length ?? 0) >= count);
  return outcomes.get(id)?.at(-1) as Outcome;
}

async function openWallet(currency = 'USD'): Promise<string> {
  const id = uuidv7();
  await send(LANE_TYPES.openWallet, id, id, {
    walletId: id,
    ownerId: OWNER,
    name: 'test',
    currency,
  });
  await outcomeOf(id);
  return id;
}

const orderOf = (walletId: string, amount: string, more: object) => ({
  transactionId: uuidv7(),
  clientId: 'client',
  bodyHash: 'x'.repeat(22),
  walletId,
  amount,
  currency: 'USD',
  ...more,
});

async function order(walletId: string, amount: string, more: object) {
  const data = orderOf(walletId, amount, more);
  await send(LANE_TYPES.transactionInitiated, data.transactionId, walletId, data);
  return data.transactionId;
}

const settle = (transactionId: string, walletId: string, outcome: 'completed' | 'failed') =>
  send(
    LANE_TYPES.settleTransaction,
    uuidv7(),
    walletId,
    { transactionId, walletId, outcome },
    'banking',
  );

async function fundedWallet(amount: string): Promise<string> {
  const wallet = await openWallet();
  const deposit = await order(wallet, amount, { type: 'deposit', bankAccount: 'ok' });
  expect(await outcomeOf(deposit)).toMatchObject({ transaction: { status: 'pending' } });
  await settle(deposit, wallet, 'completed');
  expect(await outcomeOf(deposit, 2)).toMatchObject({
    transaction: { status: 'completed', balances: { posted: amount, held: '0' } },
  });
  return wallet;
}

const transfer = (from: string, to: string, amount: string) =>
  order(from, amount, { type: 'transfer', counterpartyWalletId: to });

async function booksAreRight(): Promise<void> {
  const verify = createVerifyBooks(pool, () => new Date().toISOString());
  expect((await verify()).breaks).toEqual([]);
}

describe('money moves over real lanes', () => {
  test('a transfer, its refusal, a withdrawal captured and one released', async () => {
    const ana = await fundedWallet('1000');
    const ben = await openWallet();
    expect(await outcomeOf(await transfer(ana, ben, '250'))).toMatchObject({
      kind: 'transaction',
      replayed: false,
      transaction: { status: 'completed', balances: { posted: '750', available: '750' } },
    });
    expect(await outcomeOf(await transfer(ana, ben, '751'))).toMatchObject({
      transaction: { status: 'failed', failure: { code: 'insufficient-funds' } },
    });
    const bank = { type: 'withdrawal', bankAccount: 'ok' };
    const kept = await order(ana, '100', bank);
    expect(await outcomeOf(kept)).toMatchObject({
      transaction: { status: 'held', balances: { posted: '750', held: '100', available: '650' } },
    });
    await settle(kept, ana, 'completed');
    expect(await outcomeOf(kept, 2)).toMatchObject({
      transaction: { status: 'completed', balances: { posted: '650', held: '0' } },
    });
    const released = await order(ana, '100', bank);
    await settle(released, ana, 'failed');
    expect(await outcomeOf(released, 2)).toMatchObject({
      transaction: {
        status: 'failed',
        failure: { code: 'bank-declined' },
        balances: { posted: '650', held: '0' },
      },
    });
    await booksAreRight();
  });

  test('what nobody may say or understand becomes a dead letter; the lane goes on', async () => {
    const ana = await fundedWallet('100');
    const partition = partitionOf(ana, PARTITIONS);
    const before = await deadLetters();
    const data = orderOf(ana, '1', { type: 'withdrawal', bankAccount: 'ok' });
    await send(LANE_TYPES.transactionInitiated, data.transactionId, ana, data, 'banking');
    await bus.js.publish(laneSubject('ready', partition, ana), 'not signed');
    await publisherOf('gateway').publish({
      subject: laneSubject('ready', partition, ana),
      body: '{"not": "an array"}',
      id: uuidv7(),
      type: 'x',
      wallet: ana,
      partition,
    });
    await send(LANE_TYPES.transactionInitiated, uuidv7(), ana, { ...data, amount: '1.5' });
    await eventually(async () => (await deadLetters()) === before + 4);
    expect(await outcomeOf(await transfer(ana, await openWallet(), '100'))).toMatchObject({
      transaction: { status: 'completed' },
    });
  });

  test('a wallet that still awaits a deposit is not closed: money would come to it', async () => {
    const ana = await openWallet();
    const deposit = await order(ana, '700', { type: 'deposit', bankAccount: 'ok' });
    await outcomeOf(deposit);
    const close = uuidv7();
    const change = { requestId: close, walletId: ana, to: 'closed' };
    await send(LANE_TYPES.changeWalletStatus, close, ana, change);
    expect(await outcomeOf(close)).toMatchObject({ code: 'wallet-not-empty' });
    await settle(deposit, ana, 'completed');
    expect(await outcomeOf(deposit, 2)).toMatchObject({
      transaction: { status: 'completed', balances: { posted: '700' } },
    });
    expect(ledgers.flatMap(({ keeper }) => [...keeper.halted()])).toEqual([]);
    await booksAreRight();
  });

  test('text that Postgres can’t store is a dead letter and halts nobody’s lane', async () => {
    const ana = await fundedWallet('100');
    const before = await deadLetters();
    const bank = { type: 'withdrawal', bankAccount: 'ok' };
    await order(ana, '1', { ...bank, metadata: { note: 'a\u0000b' } });
    await order(ana, '1', { ...bank, metadata: { 'half\ud800': 'b' } });
    await order(ana, '1', { ...bank, description: 'half a smile \ud83d' });
    await eventually(async () => (await deadLetters()) === before + 3);
    expect(await outcomeOf(await order(ana, '100', bank))).toMatchObject({
      transaction: { status: 'held' },
    });
  });

  test('a bank called null is a bank, and no missing one', async () => {
    const ana = await fundedWallet('100');
    const payout = await order(ana, '40', { type: 'withdrawal', bankAccount: 'null' });
    await outcomeOf(payout);
    await settle(payout, ana, 'completed');
    expect(await outcomeOf(payout, 2)).toMatchObject({
      transaction: { status: 'completed', bankAccount: 'null', balances: { posted: '60' } },
    });
  });

  test('orders and their settlements that wait together are decided together', async () => {
    const ana = await fundedWallet('1000');
    const [last] = ledgers as [Ledger];
    await last.stop();
    ledgers.shift();
    const bank = { bankAccount: 'ok' };
    const deposit = await order(ana, '50', { type: 'deposit', ...bank });
    await settle(deposit, ana, 'completed');
    const withdrawal = await order(ana, '20', { type: 'withdrawal', ...bank });
    await settle(withdrawal, ana, 'completed');
    await startOne('after');
    expect(await outcomeOf(withdrawal, 2)).toMatchObject({
      transaction: { status: 'completed', balances: { posted: '1030', held: '0' } },
    });
    await booksAreRight();
  });

  const deadLetters = async (): Promise<number> => {
    const { rows } = await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM dead_letters');
    return rows[0]?.n ?? 0;
  };

  test('people paying each other at once, and many into one wallet, come out exact', async () => {
    const [ana, ben] = [await fundedWallet('5000'), await fundedWallet('5000')];
    const sent = await Promise.all(
      Array.from({ length: 400 }, (_, n) =>
        n % 2 === 0 ? transfer(ana, ben, '7') : transfer(ben, ana, '3'),
      ),
    );
    await Promise.all(sent.map((id) => outcomeOf(id)));
    const { rows } = await pool.query<{ id: string; posted: bigint }>(
      'SELECT id, posted FROM wallets WHERE id = ANY ($1)',
      [[ana, ben]],
    );
    expect(rows.find((row) => row.id === ana)?.posted).toBe(5000n - 200n * 7n + 200n * 3n);
    expect(rows.find((row) => row.id === ben)?.posted).toBe(5000n + 200n * 7n - 200n * 3n);
    await booksAreRight();
  });

  test('the same order sent fifty times moves money once', async () => {
    const [ana, ben] = [await fundedWallet('100'), await openWallet()];
    const data = orderOf(ana, '60', { type: 'transfer', counterpartyWalletId: ben });
    const id = data.transactionId;
    await Promise.all(
      Array.from({ length: 50 }, () => send(LANE_TYPES.transactionInitiated, id, ana, data)),
    );
    await outcomeOf(id, 50);
    const replays = (outcomes.get(id) ?? []).filter(
      (outcome) => outcome.kind === 'transaction' && outcome.replayed,
    );
    expect(replays).toHaveLength(49);
    await booksAreRight();
  });
});

describe('partitions change hands', () => {
  test('a second ledger takes its share, and all of it as soon as the first stops', async () => {
    const [one] = ledgers as [Ledger];
    const two = await startOne('two');
    await eventually(() => two.keeper.lanes().size === PARTITIONS / 2);
    await eventually(() => one.keeper.lanes().size === PARTITIONS / 2);
    const ana = await fundedWallet('1000');
    const ben = await openWallet();
    await one.stop();
    await eventually(() => two.keeper.lanes().size === PARTITIONS);
    ledgers.shift();
    expect(await outcomeOf(await transfer(ana, ben, '1'))).toMatchObject({
      transaction: { status: 'completed' },
    });
    await booksAreRight();
  });
});

describe('events', () => {
  test('every partition’s events are told in order without gaps, whoever told them', async () => {
    const seen = new Map<number, number[]>();
    const reader = readPartition(bus, {
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
    const { rows } = await pool.query<{ partition: number; event_sequence: bigint }>(
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
    const last = ledgers.at(-1) as Ledger;
    await last.stop();
    ledgers.pop();
    await pool.query('UPDATE partitions SET published_sequence = 0');
    await startOne('three');
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
    const { lastSequence } = await bus.jsm.streams
      .info(STREAMS.events)
      .then((info) => ({ lastSequence: info.state.last_seq }));
    const found: unknown[][] = Array.from({ length: PARTITIONS }, () => []);
    for (let sequence = 1; sequence <= lastSequence; sequence++) {
      const stored = await bus.jsm.streams.getMessage(STREAMS.events, { seq: sequence });
      for (const raw of stored?.json<unknown[]>() ?? []) {
        found[ledgerEvent.parse(raw).data.partition]?.push(raw);
      }
    }
    return found;
  }
});

test('a stream created anew halts its partitions instead of skipping or repeating', async () => {
  const last = ledgers.at(-1) as Ledger;
  await last.stop();
  ledgers.pop();
  await bus.jsm.streams.delete(STREAMS.transactions);
  await provision(bus);
  const four = await startOne('four');
  await eventually(() => four.keeper.halted().size > 0);
  expect([...four.keeper.halted().values()][0]).toContain('created anew');
});
