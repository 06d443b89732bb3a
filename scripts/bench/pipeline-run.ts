import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  createEnvelope,
  LANE_TYPES,
  laneSubject,
  MANY_WALLETS,
  outcomeSubject,
  partitionOf,
  PARTITIONS_DEFAULT,
  STREAMS,
  type Outcome,
  type Risk,
} from '@florin/contracts';
import { asWalletId, uuidv7 } from '@florin/kernel';
import { connect, createPublisher, createSigner, provision, streamState } from '@florin/messaging';
import { createHotPool, ensureDatabase, migrate } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { clearPostgres, startNats, startPostgres } from '@florin/testing';
import { percentile, say, watchUsage } from './measure.ts';
import { seedHistory, seedWallets } from './seed-books.ts';
import { brokenBooks } from './verify-books.ts';

const ORIGIN = 'bench-producer';
const root = new URL('../../', import.meta.url);
const keys = {
  gateway: { g1: Buffer.alloc(32, 1).toString('base64url') },
  ledger: { l1: Buffer.alloc(32, 2).toString('base64url') },
  fraud: { f1: Buffer.alloc(32, 3).toString('base64url') },
};

export interface Load {
  name: string;
  /** Picks who pays whom. */
  pair(): { from: string; to: string };
  /** What a scorer would have said; without it the orders come straight from the gateway. */
  risk?: Risk;
}

export interface Scene {
  wallets: number;
  /** Entries that the books hold before, over the months behind. */
  entries: number;
}

/** Postgres, nats-server and one ledger process, fresh, with books of a given size. */
export async function withPipeline<T>(
  scene: Scene,
  work: (parts: Pipeline) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'florin-bench-'));
  const parts = await openPipeline(dir, scene);
  try {
    return await work(parts);
  } finally {
    await parts.close();
    await clearPostgres(join(dir, 'postgres'));
    rmSync(dir, { recursive: true, force: true });
  }
}

async function openPipeline(dir: string, scene: Scene) {
  const postgres = await startPostgres({ dataDir: join(dir, 'postgres') });
  const nats = await startNats({ dir: join(dir, 'nats') });
  const url = await ensureDatabase(postgres.url, 'florin_ledger');
  await migrate(url, new URL('services/ledger/migrations', root));
  const pool = createHotPool({ url, applicationName: 'bench', statementTimeoutMs: 600_000 });
  const wallets = await seedWallets(pool, scene.wallets);
  const entries = scene.entries > 0 ? await seedHistory(pool, wallets, scene.entries) : 0;
  await pool.query('VACUUM (ANALYZE)');
  await pool.query('CHECKPOINT');
  const log = createLogger('bench', 'error');
  const bus = await connect({ url: nats.url, name: 'bench', log });
  await provision(bus);
  const { process: ledger } = await startLedger(url, nats.url);
  await ownsAllPartitions(pool);
  return {
    pool,
    bus,
    wallets,
    entries,
    pids: { postgres: postgres.pid, nats: nats.pid, ledger: ledger.pid as number },
    async close() {
      ledger.kill('SIGTERM');
      await once(ledger, 'exit');
      await bus.close();
      await pool.end();
      await nats.stop();
      await postgres.stop();
    },
  };
}

async function startLedger(
  postgresUrl: string,
  natsUrl: string,
): Promise<{ process: ChildProcess }> {
  const main = fileURLToPath(new URL('services/ledger/main.ts', root));
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      POSTGRES_URL: postgresUrl,
      NATS_URL: natsUrl,
      SIGNING_KEYS: JSON.stringify(keys),
      LOG_LEVEL: 'info',
    },
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('"msg":"ready"')) break;
  }
  child.stdout.resume();
  return { process: child };
}

async function ownsAllPartitions(pool: ReturnType<typeof createHotPool>): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ free: number }>(
      'SELECT count(*)::int AS free FROM partitions WHERE owner IS NULL',
    );
    if (rows[0]?.free === 0) return;
  }
}

export type Pipeline = Awaited<ReturnType<typeof openPipeline>>;

/** Publishes orders for some seconds, waits for every outcome and event, and reports. */
export async function measure(
  parts: Pipeline,
  load: Load,
  { seconds, ordersPerMessage }: { seconds: number; ordersPerMessage: number },
) {
  const { bus } = parts;
  const signer = createSigner(
    load.risk === undefined
      ? { kid: 'g1', key: keys.gateway.g1 }
      : { kid: 'f1', key: keys.fraud.f1 },
  );
  using publisher = createPublisher(bus, { signer, maxInFlight: 256 });
  const sentAtMs = new Map<string, number>();
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  let decided = 0;
  const subscription = bus.nc.subscribe(outcomeSubject(ORIGIN), {
    callback: (_, message) => {
      const nowMs = performance.now();
      for (const outcome of message.json<Outcome[]>()) {
        decided += 1;
        const sentMs = sentAtMs.get(outcome.requestId);
        sentAtMs.delete(outcome.requestId);
        if (sentMs !== undefined) latencies.push(nowMs - sentMs);
        const status = outcome.kind === 'transaction' ? outcome.transaction.status : outcome.kind;
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    },
  });
  const eventsBefore = await eventSequences(parts);
  const usage = watchUsage(parts.pids);
  const startedMs = performance.now();
  let sent = 0;
  /** Enough waiting that no stage ever idles, and a queue that doesn't grow without bound. */
  const aheadMax = 8000;
  while (performance.now() - startedMs < seconds * 1000) {
    if (sent - decided > aheadMax || publisher.inFlight() >= 200) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      continue;
    }
    for (const message of messagesOf(load, ordersPerMessage)) {
      const nowMs = performance.now();
      for (const id of message.ids) sentAtMs.set(id, nowMs);
      sent += message.ids.length;
      void publisher.publish(message.outgoing);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  while (decided < sent) await new Promise((resolve) => setTimeout(resolve, 2));
  const elapsedSeconds = (performance.now() - startedMs) / 1000;
  const used = usage(sent);
  subscription.unsubscribe();
  await eventsPublished(parts, eventsBefore + sent);
  const perSecond = Math.round(sent / elapsedSeconds);
  const result = {
    load: load.name,
    transactions: sent,
    perSecond,
    statuses,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    ...used,
  };
  say(
    `${load.name}: ${perSecond} transactions/s, ${used.cpuMicrosTotal} µs CPU each, ` +
      `p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms`,
  );
  return result;
}

/** One message per partition that the orders fall into, as the gateway coalesces them. */
function messagesOf(load: Load, ordersPerMessage: number) {
  const count = ordersPerMessage * PARTITIONS_DEFAULT;
  const lanes = Map.groupBy(
    Array.from({ length: count }, () => load.pair()),
    ({ from }) => partitionOf(from, PARTITIONS_DEFAULT),
  );
  const time = new Date().toISOString();
  return [...lanes].flatMap(([partition, pairs]) => {
    const messages = [];
    for (let start = 0; start < pairs.length; start += ordersPerMessage) {
      const events = pairs
        .slice(start, start + ordersPerMessage)
        .map((pair) => orderEvent(pair, time, load.risk));
      const [first] = events as [(typeof events)[number]];
      const wallet = events.length === 1 ? first.partitionkey : MANY_WALLETS;
      messages.push({
        ids: events.map((event) => event.id),
        outgoing: {
          subject: laneSubject('ready', partition, wallet),
          body: JSON.stringify(events),
          id: uuidv7(),
          type: first.type,
          wallet,
          partition,
          headers: { 'Florin-Reply': ORIGIN },
        },
      });
    }
    return messages;
  });
}

function orderEvent({ from, to }: { from: string; to: string }, time: string, risk?: Risk) {
  const id = uuidv7();
  return createEnvelope(LANE_TYPES.transactionInitiated, {
    id,
    source: 'florin/gateway',
    wallet: from,
    time,
    data: {
      transactionId: id,
      clientId: '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f',
      bodyHash: 'x'.repeat(22),
      walletId: from,
      counterpartyWalletId: to,
      type: 'transfer',
      amount: '1',
      currency: 'USD',
      ...(risk && { risk }),
    },
  });
}

async function eventSequences({ pool }: Pipeline): Promise<number> {
  const { rows } = await pool.query<{ total: bigint }>(
    'SELECT sum(event_sequence)::int8 AS total FROM partitions',
  );
  return Number(rows[0]?.total ?? 0);
}

/** Waits until the ledger has stored that all these events are in the event stream. */
async function eventsPublished({ pool, bus }: Pipeline, events: number): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ total: bigint }>(
      'SELECT sum(published_sequence)::int8 AS total FROM partitions',
    );
    if (Number(rows[0]?.total ?? 0) >= events) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if ((await streamState(bus, STREAMS.events)).lastSequence === 0) throw new Error('no events');
}

const pick = (wallets: readonly string[]): string =>
  asWalletId(wallets[Math.floor(Math.random() * wallets.length)] as string);

function otherThan(wallets: readonly string[], one: string): string {
  const other = pick(wallets);
  return other === one ? otherThan(wallets, one) : other;
}

export const uniform = (wallets: readonly string[]): Load => ({
  name: 'uniform',
  pair() {
    const from = pick(wallets);
    return { from, to: otherThan(wallets, from) };
  },
});

/** As a scorer sends them on: the same orders, and what it thought of them. */
export const scored = (wallets: readonly string[]): Load => ({
  ...uniform(wallets),
  name: 'uniform, scored',
  risk: {
    score: 0.003_214_567,
    decision: 'approve',
    reasons: [],
    modelVersion: 'wallets-2026-11-20-1a2b3c4d',
    featureVersion: '0'.repeat(64),
    mode: 'enforce',
    degraded: false,
  },
});

export function hot(wallets: readonly string[]): Load {
  const [one] = wallets as [string];
  return {
    name: 'hot wallet (half in, half out)',
    pair() {
      const other = otherThan(wallets, one);
      return Math.random() < 0.5 ? { from: one, to: other } : { from: other, to: one };
    },
  };
}

export async function checked<T>(parts: Pipeline, work: () => Promise<T>): Promise<T> {
  const result = await work();
  const breaks = await brokenBooks(parts.bus);
  if (breaks.length > 0) throw new Error(`the books are broken: ${JSON.stringify(breaks)}`);
  return result;
}
