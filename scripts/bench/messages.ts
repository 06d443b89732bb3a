// npm run bench:messages [-- --rate 2000 --seconds 5 --rounds 3]
//
// What the messages of a payment cost when nothing else is done: the same streams, lanes and bytes,
// a scorer that passes on, a ledger whose commit is a timer of a millisecond. No signatures, no
// JSON, no model and no Postgres. What the platform costs beyond that is its own work; what it
// costs up to that is the price of this way of talking on this machine. Parts don't simply add up:
// whoever is busy does more each time it is woken.
//
// Beside the way it is done, ways it could be done: scores that are told to the ledger by a plain
// message, which it joins with the order, in place of storing the order again; consumers that the
// server pushes to, in place of such that are asked; a nats-server on one thread. Last line: JSON.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { laneSubject, PARTITIONS_DEFAULT, type LaneStage } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { connect, createPublisher, provision, type Bus, type Publisher } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { clearNats, startNats } from '@florin/testing';
import { percentile, printResult, probeCores, round, say, watchUsage } from './measure.ts';
import type { ActorOptions } from './message-actor.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
  },
});
const rate = Number(values.rate);
const forMs = Number(values.seconds) * 1000;

/** As an order and its event are on average. */
const ORDER = 'x'.repeat(620);
const WALLETS = 60_000;
const DRAIN_MS = 20_000;
const OUTCOMES = 'bench.outcomes';

interface Way extends Pick<ActorOptions, 'scores' | 'readers'> {
  name: string;
  serverThreads?: number;
}

const WAYS: Way[] = [
  { name: 'as it is', scores: 'stored', readers: 'pull' },
  { name: 'one thread', scores: 'stored', readers: 'pull', serverThreads: 1 },
  { name: 'one thread, pushed', scores: 'stored', readers: 'push', serverThreads: 1 },
  { name: 'one thread, joined', scores: 'told', readers: 'pull', serverThreads: 1 },
  { name: 'one thread, pushed, joined', scores: 'told', readers: 'push', serverThreads: 1 },
];

/** Resolves when the actor reads. It ends with its scope. */
async function startActor(options: ActorOptions) {
  const program = fileURLToPath(new URL('message-actor.ts', import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', () => reject(new Error(`the ${options.role} ended`)));
  });
  return { pid: child.pid ?? 0, [Symbol.dispose]: () => void child.kill() };
}

interface Lanes {
  bus: Bus;
  publisher: Publisher;
}

/** Milliseconds from when each order was due to its outcome. */
async function offer({ bus, publisher }: Lanes, stage: LaneStage): Promise<number[]> {
  const dueAtMs = new Map<string, number>();
  const latencies: number[] = [];
  const subscription = bus.nc.subscribe(OUTCOMES, {
    callback(_, message) {
      for (const id of message.json<string[]>()) {
        const dueMs = dueAtMs.get(id);
        if (dueMs !== undefined) latencies.push(performance.now() - dueMs);
        dueAtMs.delete(id);
      }
    },
  });
  await bus.nc.flush();
  const startedMs = performance.now();
  for (let sent = 0; performance.now() - startedMs < forMs; await delay(1)) {
    const due = Math.floor(((performance.now() - startedMs) * rate) / 1000);
    for (; sent < due; sent++) {
      const id = uuidv7();
      const partition = sent % PARTITIONS_DEFAULT;
      const wallet = `0192f0c1-7a4b-7cc3-98c4-${String(sent % WALLETS).padStart(12, '0')}`;
      const subject = laneSubject(stage, partition, wallet);
      dueAtMs.set(id, startedMs + ((sent + 1) * 1000) / rate);
      void publisher.publish({ subject, body: ORDER, id, type: 'order', wallet, partition });
    }
  }
  const untilMs = performance.now() + DRAIN_MS;
  while (dueAtMs.size > 0 && performance.now() < untilMs) await delay(5);
  subscription.unsubscribe();
  if (dueAtMs.size > 0) throw new Error(`${dueAtMs.size} orders were not answered`);
  return latencies;
}

async function measure(way: Way) {
  const dir = mkdtempSync(join(tmpdir(), 'florin-bench-'));
  const { serverThreads: threads } = way;
  try {
    await using server = await startNats({ dir, ...(threads !== undefined && { threads }) });
    const log = createLogger('bench', 'error');
    await using bus = await connect({ url: server.url, name: 'bench', log });
    await provision(bus);
    const how = { ...way, url: server.url, outcomes: OUTCOMES };
    using scorer = await startActor({ ...how, role: 'scorer' });
    using ledger = await startActor({ ...how, role: 'ledger' });
    using publisher = createPublisher(bus, { maxInFlight: 2_000 });
    const lanes = { bus, publisher };
    const pids = { nats: server.pid, scorer: scorer.pid, ledger: ledger.pid };
    const rows = { off: emptyRow(), enforce: emptyRow() };
    for (const stage of ['ready', 'initiated'] as const) await offer(lanes, stage);
    for (let turn = 0; turn < Number(values.rounds); turn++) {
      for (const [name, stage] of [['off', 'ready'] as const, ['enforce', 'initiated'] as const]) {
        const usage = watchUsage(pids);
        const latencies = await offer(lanes, stage);
        const { cpuMicros, cpuMicrosTotal } = usage(latencies.length);
        rows[name].latencies.push(...latencies);
        rows[name].cpuMicros.push({ ...cpuMicros, total: cpuMicrosTotal });
      }
    }
    return { way: way.name, off: summaryOf(rows.off), enforce: summaryOf(rows.enforce) };
  } finally {
    await clearNats(dir);
  }
}

interface Row {
  latencies: number[];
  cpuMicros: Record<string, number>[];
}

const emptyRow = (): Row => ({ latencies: [], cpuMicros: [] });

function summaryOf({ latencies, cpuMicros }: Row) {
  const names = Object.keys(cpuMicros[0] ?? {});
  const mean = (name: string) =>
    round(cpuMicros.reduce((sum, one) => sum + (one[name] ?? 0), 0) / cpuMicros.length);
  return {
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    cpuMicros: Object.fromEntries(names.map((name) => [name, mean(name)])),
  };
}

const cores = await probeCores();
say(`cores really there: ${cores}`);
const ways = [];
for (const way of WAYS) {
  const measured = await measure(way);
  say(JSON.stringify(measured));
  ways.push(measured);
}
printResult({ bench: 'messages', cores, coresAfter: await probeCores(), rate, ways });
