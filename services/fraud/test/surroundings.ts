import {
  createEnvelope,
  laneSubject,
  LANE_TYPES,
  partitionOf,
  STREAMS,
  transactionOrder,
  type FlagVariant,
  type TransactionOrder,
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
  type Incoming,
} from '@florin/messaging';
import { startBackend } from '@florin/ml/model';
import { createHotPool } from '@florin/postgres';
import { createLogger, createMetrics, type Metrics } from '@florin/runtime';
import { eventually, freshDatabase, freshNats, type NatsServer } from '@florin/testing';
import type pg from 'pg';
import { loadModels } from '../adapters/load-models.ts';
import { startFraud, type Fraud } from '../start-fraud.ts';

export const PARTITIONS = 4;
const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64url');
export const KEYS = {
  gateway: { g1: key(1) },
  ledger: { l1: key(2) },
  fraud: { f1: key(3) },
  identity: { i1: key(4) },
};

export interface Surroundings extends AsyncDisposable {
  nats: NatsServer;
  bus: Bus;
  url: string;
  pool: pg.Pool;
  /** Everything in the ready lanes, in the order of the stream. */
  ready: Incoming[];
  /** Sends orders of one wallet as one message, and answers the message's id. */
  send(orders: Order[], options?: SendOptions): Promise<string>;
}

export type Order = TransactionOrder;

export interface SendOptions {
  id?: string;
  as?: keyof typeof KEYS;
  subject?: string;
  body?: string;
  time?: string;
  headers?: Record<string, string>;
}

/** Servers of a test file's own, and a look at the ready lanes. */
export async function openSurroundings(): Promise<Surroundings> {
  const nats = await freshNats();
  const url = await freshDatabase('fraud', new URL('../migrations', import.meta.url));
  const bus = await connect({ url: nats.url, name: 'test', log: createLogger('test', 'fatal') });
  await provision(bus);
  const pool = createHotPool({ url, applicationName: 'test', max: 2 });
  const publishers = new Map<string, ReturnType<typeof createPublisher>>();
  const ready: Incoming[] = [];
  const follow = () =>
    readPartition(bus, {
      stream: STREAMS.transactions,
      filterSubject: 'txn.ready.*.*',
      startAfter: 0,
      onMessage: (message) => void ready.push(message),
      onDisorder: () => void follow(),
    });
  const reader = follow();

  function publisherOf(service: keyof typeof KEYS) {
    const [kid, text] = Object.entries(KEYS[service])[0] as [string, string];
    const made =
      publishers.get(service) ?? createPublisher(bus, { signer: createSigner({ kid, key: text }) });
    publishers.set(service, made);
    return made;
  }

  return {
    nats,
    bus,
    url,
    pool,
    ready,
    async send(orders, options = {}) {
      const { id = uuidv7(), as = 'gateway', time = new Date().toISOString() } = options;
      const wallet = orders[0]?.walletId ?? uuidv7();
      const partition = partitionOf(wallet, PARTITIONS);
      const events = orders.map((data) =>
        createEnvelope(LANE_TYPES.transactionInitiated, {
          id: data.transactionId,
          source: 'florin/gateway',
          wallet: data.walletId,
          time,
          data,
          correlationId: 'asked-for',
        }),
      );
      await publisherOf(as).publish({
        subject: options.subject ?? laneSubject('initiated', partition, wallet),
        body: options.body ?? JSON.stringify(events),
        id,
        type: LANE_TYPES.transactionInitiated,
        wallet,
        partition,
        headers: options.headers ?? { 'Florin-Reply': 'gateway-test' },
      });
      return id;
    },
    async [Symbol.asyncDispose]() {
      await reader.stop();
      for (const publisher of publishers.values()) publisher.close();
      await bus.close();
      await pool.end();
      await nats.stop();
    },
  };
}

export interface Running extends Fraud {
  metrics: Metrics;
  setVariant(variant: FlagVariant): void;
  /** Resolves when all that was decided is written down. */
  settled(): Promise<void>;
  /** Ends like a process that was killed: nothing is given back, nothing finished. */
  abandon(): Promise<void>;
}

export interface RunOptions {
  owner?: string;
  leaseMs?: number;
  challengers?: string[];
  parkAfterMs?: number;
  keepDecisionsMs?: number;
  variant?: FlagVariant;
}

/** A scorer in this process. */
export async function runFraud(
  { nats, url }: Surroundings,
  { owner = uuidv7(), leaseMs = 60_000, challengers = [], ...options }: RunOptions = {},
): Promise<Running> {
  await startBackend('wasm');
  const log = createLogger('fraud', 'fatal');
  const metrics = createMetrics('fraud');
  const bus = await connect({ url: nats.url, name: 'fraud', log, metrics });
  const pool = createHotPool({ url, applicationName: 'fraud', max: 4 });
  const leasePool = createHotPool({ url, applicationName: 'fraud-leases', max: 1 });
  let variant = options.variant ?? 'enforce';
  const fraud = await startFraud({
    bus,
    pool,
    leasePool,
    owner,
    partitions: PARTITIONS,
    leaseMs,
    snapshotEveryMs: 3_600_000,
    parkAfterMs: options.parkAfterMs ?? 365 * 86_400_000,
    keepDecisionsMs: options.keepDecisionsMs ?? 400 * 86_400_000,
    signingKeys: KEYS,
    models: await loadModels(undefined, challengers),
    backend: 'wasm',
    variant: () => variant,
    clock: systemClock,
    log,
    metrics,
  });
  const close = async (): Promise<void> => {
    await bus.close();
    await Promise.all([pool.end(), leasePool.end()]);
  };
  return {
    ...fraud,
    metrics,
    settled: () =>
      eventually(async () => {
        const waiting = await metrics.registry.getSingleMetric('fraud_unwritten_decisions')?.get();
        return waiting?.values[0]?.value === 0;
      }).then(() => undefined),
    setVariant: (to) => void (variant = to),
    async stop() {
      await fraud.stop();
      await close();
    },
    async abandon() {
      await bus.nc.close();
      await Promise.all([pool.end(), leasePool.end()]);
    },
  };
}

let counter = 0;

/** A transfer of some money; `more` may be what no schema lets through. */
export function orderOf(walletId: string, more: Record<string, unknown> = {}): Order {
  counter += 1;
  const order = transactionOrder.parse({
    transactionId: uuidv7(),
    clientId: 'client',
    bodyHash: String(counter).padStart(22, '0'),
    walletId,
    type: 'transfer',
    counterpartyWalletId: uuidv7(),
    amount: '1234',
    currency: 'USD',
  });
  return { ...order, ...more };
}

export interface ReadyEvent {
  id: string;
  correlationid?: string;
  data: Order;
}

export const eventsOf = (message: Incoming): ReadyEvent[] => jsonOf(message) as ReadyEvent[];

/** Waits for the message that answers an initiated one. */
export const answerTo = ({ ready }: Surroundings, id: string): Promise<Incoming> =>
  eventually(() => {
    const found = ready.find((message) => message.id === `ready-${id}`);
    if (!found) throw new Error(`no answer to ${id}`);
    return found;
  });
