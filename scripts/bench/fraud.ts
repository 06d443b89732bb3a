// npm run bench:fraud [-- --seconds 5 --rounds 3 --rate 2000 --wallets 10000]
//
// What scoring costs: first alone (scores a second with feature extraction, in batches and one by
// one, and the memory of 100,000 profiles), then in the way of a payment: the whole platform under
// an open load, now with scoring enforced, now off, in turns, from the order's publication to its
// outcome. The books are verified at the end. Last line: JSON.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import {
  createEnvelope,
  LANE_TYPES,
  laneSubject,
  outcomeSubject,
  partitionOf,
  PARTITIONS_DEFAULT,
  STREAMS,
  type LaneStage,
  type Outcome,
} from '@florin/contracts';
import { present, uuidv7 } from '@florin/kernel';
import { connect, createPublisher, createSigner, readPartition, type Bus } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { clearPostgres, eventually } from '@florin/testing';
import { startPlatform } from '../platform/platform.ts';
import type { Secrets } from '../platform/secrets.ts';
import { percentile, printResult, probeCores, round, say, watchUsage } from './measure.ts';
import { seedWallets } from './seed-books.ts';
import { brokenBooks } from './verify-books.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '2000' },
    wallets: { type: 'string', default: '10000' },
  },
});
const seconds = Number(values.seconds);
const rate = Number(values.rate);
const ORIGIN = 'bench-producer';
const root = new URL('../../', import.meta.url);

/** The program that measures scoring alone: a service's own code is not ours to import. */
async function measureAlone(): Promise<Record<string, unknown>> {
  const program = fileURLToPath(new URL('services/fraud/bench/measure-scoring.ts', root));
  const child = spawn(process.execPath, ['--expose-gc', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

interface Lanes {
  bus: Bus;
  wallets: readonly string[];
  key: { kid: string; key: string };
}

interface Run {
  latencies: number[];
  statuses: Record<string, number>;
}

/** Orders at a steady rate, whatever comes of them, each a message of its own. */
async function load({ bus, wallets, key }: Lanes, stage: LaneStage, forMs: number): Promise<Run> {
  using publisher = createPublisher(bus, { signer: createSigner(key), maxInFlight: 2_000 });
  const sentAtMs = new Map<string, number>();
  const run: Run = { latencies: [], statuses: {} };
  const subscription = bus.nc.subscribe(outcomeSubject(ORIGIN), {
    callback: (_, message) => {
      const nowMs = performance.now();
      for (const outcome of message.json<Outcome[]>()) {
        const sentMs = sentAtMs.get(outcome.requestId);
        sentAtMs.delete(outcome.requestId);
        if (sentMs === undefined) continue;
        run.latencies.push(nowMs - sentMs);
        const status = outcome.kind === 'transaction' ? outcome.transaction.status : outcome.kind;
        run.statuses[status] = (run.statuses[status] ?? 0) + 1;
      }
    },
  });
  await bus.nc.flush();
  const startedMs = performance.now();
  for (let sent = 0; performance.now() - startedMs < forMs;) {
    const due = Math.floor(((performance.now() - startedMs) * rate) / 1000);
    for (; sent < due; sent++) {
      const message = orderMessage(wallets, stage);
      // From when it was due: a generator that is late must not flatter.
      sentAtMs.set(message.transactionId, startedMs + (sent * 1000) / rate);
      void publisher.publish(message.outgoing);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await eventually(
    () => {
      if (sentAtMs.size > 0) throw new Error(`${sentAtMs.size} orders have no outcome`);
    },
    { timeoutMs: 60_000 },
  );
  subscription.unsubscribe();
  return run;
}

const pick = (wallets: readonly string[]): string =>
  wallets[Math.floor(Math.random() * wallets.length)] as string;

function orderMessage(wallets: readonly string[], stage: LaneStage) {
  const transactionId = uuidv7();
  const walletId = pick(wallets);
  let counterpartyWalletId = pick(wallets);
  while (counterpartyWalletId === walletId) counterpartyWalletId = pick(wallets);
  const partition = partitionOf(walletId, PARTITIONS_DEFAULT);
  const event = createEnvelope(LANE_TYPES.transactionInitiated, {
    id: transactionId,
    source: 'florin/gateway',
    wallet: walletId,
    time: new Date().toISOString(),
    data: {
      transactionId,
      clientId: '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f',
      bodyHash: 'x'.repeat(22),
      walletId,
      counterpartyWalletId,
      type: 'transfer',
      amount: String(500 + Math.floor(Math.random() * 5_000)),
      currency: 'USD',
    },
  });
  const outgoing = {
    subject: laneSubject(stage, partition, walletId),
    body: JSON.stringify([event]),
    id: uuidv7(),
    type: event.type,
    wallet: walletId,
    partition,
    headers: { 'Florin-Reply': ORIGIN },
  };
  return { transactionId, outgoing };
}

/** From when the stream had an order to when it had its answer, by the server's own clock. */
async function answerTimes(bus: Bus): Promise<number[]> {
  const { lastSequence } = await bus.jsm.streams
    .info(STREAMS.transactions)
    .then(({ state }) => ({ lastSequence: state.last_seq }));
  const storedAt = new Map<string, number>();
  const times: number[] = [];
  const done = Promise.withResolvers<void>();
  const reader = readPartition(bus, {
    stream: STREAMS.transactions,
    filterSubject: 'txn.*.*.*',
    startAfter: 0,
    onMessage({ id = '', time, subject, sequence }) {
      const initiatedAt = storedAt.get(id);
      if (subject.startsWith('txn.initiated.')) storedAt.set(`ready-${id}`, time.getTime());
      else if (initiatedAt !== undefined) times.push(time.getTime() - initiatedAt);
      if (sequence >= lastSequence) done.resolve();
    },
    onDisorder: ({ detail }) => done.reject(new Error(detail)),
  });
  await done.promise;
  await reader.stop();
  return times;
}

const summary = (samples: readonly number[]) => ({
  p50Ms: percentile(samples, 0.5),
  p99Ms: percentile(samples, 0.99),
});

async function measureInTheWay() {
  const dir = mkdtempSync(join(tmpdir(), 'florin-bench-'));
  try {
    await using platform = await startPlatform({ dir, demo: false, fraudScoring: 'enforce' });
    const dev = platform.dev();
    const url = new URL(dev.postgresUrl);
    url.pathname = '/florin_ledger';
    const pool = createHotPool({ url: url.href, applicationName: 'bench' });
    const wallets = await seedWallets(pool, Number(values.wallets));
    await pool.end();
    const secrets = JSON.parse(readFileSync(join(dir, 'secrets.json'), 'utf8')) as Secrets;
    const [kid, key] = Object.entries(secrets.signingKeys['gateway'] ?? {})[0] as [string, string];
    const nkeySeed = present(secrets.natsSeeds['gateway'], 'the key of the gateway');
    const log = createLogger('bench', 'error');
    await using bus = await connect({ url: dev.natsUrl, name: 'gateway', nkeySeed, log });
    const lanes: Lanes = { bus, wallets, key: { kid, key } };
    const pid = present(platform.pidOf('fraud'), 'the scorer');

    for (const stage of ['ready', 'initiated'] as const) await load(lanes, stage, 2_000);
    const off: number[] = [];
    const enforce: number[] = [];
    const statuses: Record<string, number> = {};
    const cpuMicros: number[] = [];
    for (let turn = 0; turn < Number(values.rounds); turn++) {
      off.push(...(await load(lanes, 'ready', seconds * 1000)).latencies);
      const usage = watchUsage({ fraud: pid });
      const scored = await load(lanes, 'initiated', seconds * 1000);
      cpuMicros.push(usage(scored.latencies.length).cpuMicros['fraud'] ?? 0);
      enforce.push(...scored.latencies);
      for (const [status, count] of Object.entries(scored.statuses)) {
        statuses[status] = (statuses[status] ?? 0) + count;
      }
    }
    const breaks = await brokenBooks(bus);
    if (breaks.length > 0) throw new Error(`the books are broken: ${JSON.stringify(breaks)}`);
    await using observer = await connect({ url: dev.natsUrl, name: 'bench', log });
    const answers = await answerTimes(observer);
    const [without, scored] = [summary(off), summary(enforce)];
    return {
      rate,
      transactions: off.length + enforce.length,
      off: without,
      enforce: scored,
      added: {
        p50Ms: round(scored.p50Ms - without.p50Ms),
        p99Ms: round(scored.p99Ms - without.p99Ms),
      },
      inToOut: summary(answers),
      statuses,
      scorerCpuMicros: round(cpuMicros.reduce((sum, one) => sum + one, 0) / cpuMicros.length),
      scorerPeakMb: watchUsage({ fraud: pid })(1).peakMb['fraud'],
    };
  } finally {
    await clearPostgres(join(dir, 'postgres'));
    rmSync(dir, { recursive: true, force: true });
  }
}

const cores = await probeCores();
say(`cores really there: ${cores}`);
const alone = await measureAlone();
say(`alone: ${JSON.stringify(alone)}`);
const inTheWay = await measureInTheWay();
say(`in the way of ${rate}/s: ${JSON.stringify(inTheWay)}`);
printResult({ bench: 'fraud', cores, coresAfter: await probeCores(), alone, inTheWay });
