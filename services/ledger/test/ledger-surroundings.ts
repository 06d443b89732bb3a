import {
  createEnvelope,
  LANE_TYPES,
  laneSubject,
  outcomeSubject,
  partitionOf,
  type LaneStage,
  type Outcome,
  type Quote,
  type SignedQuote,
} from '@florin/contracts';
import { systemClock, uuidv7 } from '@florin/kernel';
import {
  connect,
  createPublisher,
  createSigner,
  provision,
  signQuote,
  type Publisher,
} from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger, createMetrics, type Metrics } from '@florin/runtime';
import { eventually, freshDatabase, freshNats } from '@florin/testing';
import type pg from 'pg';
import { createVerifyBooks } from '../reads/verify-books.ts';
import { startLedger, type Ledger, type LedgerParts } from '../start-ledger.ts';

export const PARTITIONS = 4;
const ORIGIN = 'gateway-test';
export const OWNER = uuidv7();
export const keys = {
  gateway: { g1: Buffer.alloc(32, 1).toString('base64url') },
  banking: { b1: Buffer.alloc(32, 2).toString('base64url') },
  ledger: { l1: Buffer.alloc(32, 3).toString('base64url') },
  fraud: { f1: Buffer.alloc(32, 4).toString('base64url') },
};
type Service = keyof typeof keys;
type LaneType = (typeof LANE_TYPES)[keyof typeof LANE_TYPES];

export interface RunningLedger extends Ledger {
  metrics: Metrics;
}

/** Real servers, ledgers on them, and everybody who talks to a ledger: as the test needs them. */
export async function openSurroundings(partitions = PARTITIONS) {
  const nats = await freshNats();
  const url = await freshDatabase('ledger_lanes', new URL('../migrations', import.meta.url));
  const bus = await connect({ url: nats.url, name: 'test', log: createLogger('test', 'fatal') });
  await provision(bus);
  const opened: pg.Pool[] = [];
  const ledgers: RunningLedger[] = [];
  const outcomes = new Map<string, Outcome[]>();
  const publishers = new Map<string, Publisher>();
  bus.nc.subscribe(outcomeSubject(ORIGIN), {
    callback: (_, message) => {
      for (const outcome of message.json<Outcome[]>()) {
        outcomes.set(outcome.requestId, [...(outcomes.get(outcome.requestId) ?? []), outcome]);
      }
    },
  });

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
  const pool = hotPool('test');

  async function startOne(
    owner: string,
    change: Partial<LedgerParts> = {},
  ): Promise<RunningLedger> {
    const log = createLogger(owner, 'fatal');
    const metrics = createMetrics(owner);
    const own = await connect({ url: nats.url, name: 'ledger', log, metrics });
    const ledger = await startLedger({
      bus: own,
      postings: hotPool('postings'),
      reads: hotPool('reads'),
      leases: hotPool('leases', 1),
      owner,
      partitions,
      // So long that within a test only a clean hand-over moves a partition.
      leaseMs: 60_000,
      reviewForMs: 3_600_000,
      watchdogDeadlineMs: 60_000,
      approveLimits: {},
      signingKeys: keys,
      clock: systemClock,
      log,
      metrics,
      ...change,
    });
    const stop = async () => {
      await ledger.stop();
      await own.close();
    };
    const running = { keeper: ledger.keeper, metrics, stop };
    ledgers.push(running);
    return running;
  }

  function publisherOf(service: Service): Publisher {
    const known = publishers.get(service);
    if (known !== undefined) return known;
    const [kid, key] = Object.entries(keys[service])[0] as [string, string];
    const made = createPublisher(bus, { signer: createSigner({ kid, key }) });
    publishers.set(service, made);
    return made;
  }

  /** Sends to a wallet's lane, as a service does. Returns the message's id in the stream. */
  async function send(
    type: LaneType,
    id: string,
    wallet: string,
    data: object,
    how: { as?: Service; stage?: LaneStage; messageId?: string } = {},
  ): Promise<string> {
    const { as = 'gateway', stage = 'ready', messageId = uuidv7() } = how;
    const partition = partitionOf(wallet, partitions);
    const time = new Date().toISOString();
    const envelope = createEnvelope(type, { id, source: 'test', wallet, time, data });
    await publisherOf(as).publish({
      subject: laneSubject(stage, partition, wallet),
      body: JSON.stringify([envelope]),
      id: messageId,
      type,
      wallet,
      partition,
      headers: { 'Florin-Reply': ORIGIN },
    });
    return messageId;
  }

  async function outcomeOf(id: string, count = 1): Promise<Outcome> {
    await eventually(() => (outcomes.get(id)?.length ?? 0) >= count);
    return outcomes.get(id)?.at(-1) as Outcome;
  }

  async function openWallet(currency = 'USD'): Promise<string> {
    const id = uuidv7();
    const opening = { walletId: id, ownerId: OWNER, name: 'test', currency };
    await send(LANE_TYPES.openWallet, id, id, opening);
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

  async function order(
    walletId: string,
    amount: string,
    more: object,
    how: Parameters<typeof send>[4] = {},
  ): Promise<string> {
    const data = orderOf(walletId, amount, more);
    await send(LANE_TYPES.transactionInitiated, data.transactionId, walletId, data, how);
    return data.transactionId;
  }

  const settle = (transactionId: string, walletId: string, outcome: 'completed' | 'failed') =>
    send(
      LANE_TYPES.settleTransaction,
      uuidv7(),
      walletId,
      { transactionId, walletId, outcome },
      { as: 'banking' },
    );

  async function fundedWallet(amount: string, currency = 'USD'): Promise<string> {
    const wallet = await openWallet(currency);
    const paidIn = { type: 'deposit', bankAccount: 'ok', currency };
    const deposit = await order(wallet, amount, paidIn);
    await outcomeOf(deposit);
    await settle(deposit, wallet, 'completed');
    await outcomeOf(deposit, 2);
    return wallet;
  }

  const transfer = (from: string, to: string, amount: string) =>
    order(from, amount, { type: 'transfer', counterpartyWalletId: to });

  /** A quote with the word of a service on it: banking's is the only one that counts. */
  function signedQuote(quote: Quote, as: Service = 'banking'): SignedQuote {
    const [kid, key] = Object.entries(keys[as])[0] as [string, string];
    return signQuote(createSigner({ kid, key }), quote);
  }

  /** What is wrong with the books: nothing, one hopes. */
  async function brokenBooks() {
    return (await createVerifyBooks(pool, () => new Date().toISOString())()).breaks;
  }

  async function deadLetters(): Promise<number> {
    const { rows } = await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM dead_letters');
    return rows[0]?.n ?? 0;
  }

  async function close(): Promise<void> {
    for (const ledger of ledgers) await ledger.stop();
    await bus.close();
    for (const one of opened) await one.end();
    await nats.stop();
  }

  return {
    nats,
    url,
    bus,
    pool,
    ledgers,
    outcomes,
    startOne,
    publisherOf,
    send,
    outcomeOf,
    openWallet,
    orderOf,
    order,
    settle,
    fundedWallet,
    transfer,
    signedQuote,
    brokenBooks,
    deadLetters,
    close,
  };
}

export type Surroundings = Awaited<ReturnType<typeof openSurroundings>>;
