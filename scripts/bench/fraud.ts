// npm run bench:fraud [-- --seconds 5 --rounds 3 --rate 2000 --wallets 60000 --minutes 8] [--path]
//
// What scoring costs: first alone (scores a second with feature extraction, in batches and one by
// one, and the memory of 100,000 profiles), then in the way of a payment: the whole platform under
// an open load, now with scoring enforced, now off, in turns, from the order's publication to its
// outcome. Wallets have lived for some days and pay as they used to. The books are verified at the
// end. With --path only the services run that a payment goes through: those that are told of it
// afterwards have machines of their own where this rate is usual, and here they share two cores
// with it. Last line: JSON.
//
// A machine that is too slow for the rate ends the load early, after --minutes at the latest: the
// JSON says how many orders were withheld, not answered, or decided without a score
// (degradedShare). Its times are those of the answered ones, and mean little if there are many.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { STREAMS } from '@florin/contracts';
import { present } from '@florin/kernel';
import { connect, readPartition, streamState, type Bus } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { clearPostgres } from '@florin/testing';
import { processCounted } from '../disasters/process-metrics.ts';
import { machineToken } from '../faults/machine-token.ts';
import type { DevFile } from '../platform/dev-file.ts';
import { startPlatform } from '../platform/platform.ts';
import { createRestClient } from '../platform/rest-client.ts';
import type { Secrets } from '../platform/secrets.ts';
import { letWalletsLive } from './lived-wallets.ts';
import {
  percentile,
  printResult,
  probeCores,
  round,
  say,
  watchUsage,
  type Usage,
} from './measure.ts';
import {
  addOffered,
  emptyOffered,
  offerOrders,
  type Offered,
  type OfferedLanes,
} from './offer-orders.ts';
import { seedWallets } from './seed-books.ts';
import { brokenBooks } from './verify-books.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '2000' },
    wallets: { type: 'string', default: '60000' },
    minutes: { type: 'string', default: '8' },
    path: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const rate = Number(values.rate);
const budgetMs = Number(values.minutes) * 60_000;
/** Orders come from the benchmark, in the name of the gateway, which stands by. */
const PATH = ['fraud', 'gateway', 'identity', 'ledger'];
const root = new URL('../../', import.meta.url);

/** The program that measures scoring alone: a service's own code is not ours to import. */
async function measureAlone(): Promise<Record<string, unknown> | undefined> {
  const program = fileURLToPath(new URL('services/fraud/bench/measure-scoring.ts', root));
  const child = spawn(process.execPath, ['--expose-gc', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: budgetMs,
  });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  const [line] = text.trim().split('\n').slice(-1);
  // Nothing where there was no time to finish.
  return line ? (JSON.parse(line) as Record<string, unknown>) : undefined;
}

/** From when the stream had an order to when it had its answer, by the server's own clock. */
async function answerTimes(bus: Bus, startAfter: number, untilMs: number): Promise<number[]> {
  const { lastSequence } = await streamState(bus, STREAMS.transactions);
  const storedAt = new Map<string, number>();
  const times: number[] = [];
  const done = Promise.withResolvers<void>();
  const reader = readPartition(bus, {
    stream: STREAMS.transactions,
    filterSubject: 'txn.*.*.*',
    startAfter,
    onMessage({ id = '', time, subject, sequence }) {
      const initiatedAt = storedAt.get(id);
      if (subject.startsWith('txn.initiated.')) storedAt.set(`ready-${id}`, time.getTime());
      else if (initiatedAt !== undefined) times.push(time.getTime() - initiatedAt);
      if (sequence >= lastSequence || performance.now() > untilMs) done.resolve();
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

/** Scoring off and on in turns, until all rounds are done or the platform is left behind. */
async function takeTurns(lanes: OfferedLanes, pids: Record<string, number>, untilMs: number) {
  const [off, enforce] = [emptyOffered(), emptyOffered()];
  const cpuMicros: Record<'off' | 'enforce', Usage['cpuMicros'][]> = { off: [], enforce: [] };
  const forMs = seconds * 1000;
  const isBehind = (): boolean =>
    off.unanswered + enforce.unanswered > 0 || performance.now() > untilMs;
  for (let turn = 0; turn < Number(values.rounds) && !isBehind(); turn++) {
    const usageOff = watchUsage(pids);
    const unscored = await offerOrders(lanes, { stage: 'ready', rate, forMs, untilMs });
    cpuMicros.off.push(usageOff(unscored.latencies.length).cpuMicros);
    addOffered(off, unscored);
    if (isBehind()) break;
    const usageEnforce = watchUsage(pids);
    const scored = await offerOrders(lanes, { stage: 'initiated', rate, forMs, untilMs });
    cpuMicros.enforce.push(usageEnforce(scored.latencies.length).cpuMicros);
    addOffered(enforce, scored);
  }
  return { off, enforce, cpuMicros };
}

/** The mean of each process's CPU microseconds an order over the rounds. */
function meanOf(rounds: readonly Usage['cpuMicros'][]): Record<string, number> {
  const names = Object.keys(rounds[0] ?? {});
  const mean = (name: string) =>
    rounds.reduce((sum, one) => sum + (one[name] ?? 0), 0) / rounds.length;
  return Object.fromEntries(names.map((name) => [name, round(mean(name))]));
}

/** Times of what was answered, and what was not. */
function summaryOf({ latencies, withheld, unsent, unanswered }: Offered) {
  return { ...summary(latencies), answered: latencies.length, withheld, unsent, unanswered };
}

async function openLanes(dir: string, bus: Bus, wallets: readonly string[]): Promise<OfferedLanes> {
  const { signingKeys } = secretsIn(dir);
  const [kid, key] = Object.entries(signingKeys['gateway'] ?? {})[0] as [string, string];
  return { bus, wallets, key: { kid, key } };
}

const secretsIn = (dir: string): Secrets =>
  JSON.parse(readFileSync(join(dir, 'secrets.json'), 'utf8')) as Secrets;

/**
 * What was lived has to be behind the scorer: until then others answer in its place, and as long as
 * their answers are written down it has other work than what is measured.
 */
async function scorerKeepsUp(lanes: OfferedLanes, metricsUrl: string, untilMs: number) {
  const little = { stage: 'initiated', rate: 200, forMs: 1_000, untilMs } as const;
  while ((await offerOrders(lanes, little)).degraded > 0 && performance.now() < untilMs);
  while ((await processCounted(metricsUrl, 'fraud_unwritten_decisions')) > 0) {
    if (performance.now() > untilMs) return;
    await delay(200);
  }
}

async function startEnforcing({ gatewayUrl, oauthClient }: DevFile): Promise<void> {
  const client = createRestClient(gatewayUrl, await machineToken(gatewayUrl, oauthClient)());
  client.expect(await client.put('/v1/admin/flags/fraud-scoring', { variant: 'enforce' }), 200);
}

async function seed(postgresUrl: string): Promise<string[]> {
  const url = new URL(postgresUrl);
  url.pathname = '/florin_ledger';
  const pool = createHotPool({ url: url.href, applicationName: 'bench' });
  const wallets = await seedWallets(pool, Number(values.wallets));
  // Or Postgres does it by itself, while something is measured.
  await pool.query('VACUUM (ANALYZE)');
  await pool.query('CHECKPOINT');
  await pool.end();
  return wallets;
}

async function measureInTheWay() {
  const dir = mkdtempSync(join(tmpdir(), 'florin-bench-'));
  try {
    await using platform = await startPlatform({
      dir,
      demo: false,
      fraudScoring: 'shadow',
      ...(values.path && { services: PATH }),
    });
    const dev = platform.dev();
    const wallets = await seed(dev.postgresUrl);
    const nkeySeed = present(secretsIn(dir).natsSeeds['gateway'], 'the key of the gateway');
    const log = createLogger('bench', 'error');
    await using bus = await connect({ url: dev.natsUrl, name: 'gateway', nkeySeed, log });
    const surroundings = { secrets: () => secretsIn(dir), dev: () => dev };
    const payment = await letWalletsLive(surroundings, wallets);
    const lanes = { ...(await openLanes(dir, bus, wallets)), payment };
    const pid = present(platform.pidOf('fraud'), 'the scorer');
    const untilMs = performance.now() + budgetMs;
    await scorerKeepsUp(lanes, present(dev.metrics['fraud'], 'its metrics'), untilMs);
    await startEnforcing(dev);
    await using observer = await connect({ url: dev.natsUrl, name: 'bench', log });
    const { lastSequence: lived } = await streamState(observer, STREAMS.transactions);

    for (const stage of ['ready', 'initiated'] as const) {
      await offerOrders(lanes, { stage, rate, forMs: 2_000, untilMs });
    }
    const { off, enforce, cpuMicros } = await takeTurns(lanes, dev.pids, untilMs);
    const breaks = await brokenBooks(bus);
    if (breaks.length > 0) throw new Error(`the books are broken: ${JSON.stringify(breaks)}`);
    const answers = await answerTimes(observer, lived, performance.now() + 60_000);
    const [without, scored] = [summaryOf(off), summaryOf(enforce)];
    return {
      services: values.path ? PATH : 'all',
      rate,
      rounds: cpuMicros.enforce.length,
      transactions: without.answered + scored.answered,
      off: without,
      enforce: scored,
      degradedShare: round(enforce.degraded / scored.answered, 4),
      added: {
        p50Ms: round(scored.p50Ms - without.p50Ms),
        p99Ms: round(scored.p99Ms - without.p99Ms),
      },
      inToOut: summary(answers),
      statuses: enforce.statuses,
      cpuMicros: { off: meanOf(cpuMicros.off), enforce: meanOf(cpuMicros.enforce) },
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
printResult({
  bench: 'fraud',
  cores,
  coresAfter: await probeCores(),
  alone: alone ?? null,
  inTheWay,
});
