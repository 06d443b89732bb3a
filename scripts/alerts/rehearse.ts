// npm run rehearse:alerts [-- --hurry 60 --only Scoring,Nats]
//
// Makes every fault that an alert is about, once, on a running platform: the alert must fire, and
// be over after the cure. A real Prometheus has the rules of the chart; pauses and windows are
// divided by --hurry, so that what takes an hour takes a minute. Prints when each alert fired and
// when it was over, in seconds after its fault began.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatTable } from '../cli/format-table.ts';
import { chartRules, startPrometheus } from '../observability/prometheus.ts';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults.ts';
import { hurriedRules } from './hurry-rules.ts';
import { openStage, type Stage } from './stage.ts';
import { startTraffic } from './steady-traffic.ts';
import { endsSoon, firesSoon, watchAlerts, type AlertWatch } from './watch-alerts.ts';

const { values } = parseArgs({
  options: {
    hurry: { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
  },
});

/**
 * Hurried otherwise: a service takes seconds to start, so that four starts don't fit into a
 * sixtieth of a quarter hour; and what an alert looks at, or waits for, for hours takes minutes
 * even so.
 */
const OTHERWISE_HURRIED = { ServiceRestarts: 8, BankTookBack: 720, EntryMonthMissing: 240 };
const FIRED_WITHIN_MS = 90_000;
const CLEARED_WITHIN_MS = 60_000;
/** The windows of promises are of hours: they are over long after their fault. */
const SLOW_TO_CLEAR = ['PromiseBurnsSlowly', 'PromiseBudgetSpent', 'ServiceRestarts'];
const SLOWLY_CLEARED_WITHIN_MS = 900_000;
const SETTLE_MS = 20_000;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`;

interface Rehearsed {
  alert: string;
  fault: string;
  startedMs: number;
}

/** A fault that can't be made is told, and the next one is tried. */
const made = (making: Promise<void>): Promise<void> =>
  making.catch((error: unknown) => console.log(`    CAN’T BE MADE: ${String(error)}`));

/** Makes a fault and its end, and waits for what alerts say of both. */
async function rehearse(stage: Stage, watch: AlertWatch, fault: Fault): Promise<Rehearsed[]> {
  // What an earlier fault left behind would be taken for this one.
  await Promise.all(fault.alerts.map((alert) => endsSoon(watch, alert, CLEARED_WITHIN_MS)));
  const startedMs = watch.nowMs();
  const since = (): string => seconds(watch.nowMs() - startedMs);
  const firing = (): string => watch.firing().join(', ') || 'nothing fires';
  console.log(`${seconds(startedMs)}: ${fault.name}`);
  await made(fault.cause(stage));
  await Promise.all(
    fault.alerts.map((alert) => firesSoon(watch, alert, startedMs, FIRED_WITHIN_MS)),
  );
  console.log(`    ${since()}: ${firing()}`);
  await made(fault.cure(stage));
  const soon = fault.alerts.filter((alert) => !SLOW_TO_CLEAR.includes(alert));
  await Promise.all(soon.map((alert) => endsSoon(watch, alert, CLEARED_WITHIN_MS)));
  console.log(`    ${since()} after the cure: ${firing()}`);
  return fault.alerts.map((alert) => ({ alert, fault: fault.name, startedMs }));
}

function rowOf(watch: AlertWatch, { alert, fault, startedMs }: Rehearsed): string[] {
  const { firedAtMs, clearedAtMs } = watch.since(alert, startedMs) ?? {};
  const shown = (ms: number | undefined): string =>
    ms === undefined ? 'NOT' : `${seconds(ms - startedMs)} after`;
  return [alert, fault, shown(firedAtMs), shown(clearedAtMs)];
}

const wanted = values.only.split(',');
const isWanted = ({ alerts }: Fault): boolean =>
  alerts.some((alert) => wanted.some((name) => alert.includes(name)));

/** An ordinary day, then one fault after the other. Answers why where nothing came of it. */
async function rehearseOn(shards: number, faults: readonly Fault[]): Promise<string[][] | string> {
  await using stack = new AsyncDisposableStack();
  const stage = await openStage(shards);
  if (typeof stage === 'string') return stage;
  stack.use(stage);
  const dir = mkdtempSync(join(tmpdir(), 'florin-alerts-'));
  stack.defer(async () => rmSync(dir, { recursive: true, force: true }));
  const prometheus = await startPrometheus({
    dir,
    targets: () => stage.proxied.platform.dev().metrics,
    rules: hurriedRules(chartRules(), Number(values.hurry), OTHERWISE_HURRIED),
    everySeconds: 1,
  });
  if (typeof prometheus === 'string') return prometheus;
  stack.defer(() => prometheus.stop());
  const traffic = startTraffic(stage);
  stack.defer(() => traffic.stop());
  const watch = watchAlerts(prometheus);
  stack.defer(async () => watch.stop());

  // Nothing fires, and scores have something to be compared to.
  await stage.offer({ rate: 20, seconds: SETTLE_MS / 1000 });
  console.log(`before any fault: ${watch.firing().join(', ') || 'nothing fires'}`);
  const rehearsed: Rehearsed[] = [];
  for (const fault of faults) rehearsed.push(...(await rehearse(stage, watch, fault)));
  const slow = rehearsed.filter(({ alert }) => SLOW_TO_CLEAR.includes(alert));
  await Promise.all(slow.map(({ alert }) => endsSoon(watch, alert, SLOWLY_CLEARED_WITHIN_MS)));
  return rehearsed.map((one) => rowOf(watch, one));
}

const rows: string[][] = [];
const kinds = Map.groupBy(FAULTS.filter(isWanted), ({ shards = 1 }) => shards);
for (const [shards, faults] of kinds) {
  const shown = await rehearseOn(shards, faults);
  if (typeof shown === 'string') {
    console.log(`alerts: SKIPPED, ${shown}`);
    process.exit(0);
  }
  rows.push(...shown);
}
console.log(formatTable(['alert', 'fault', 'fired', 'over'], rows));
const failed = rows.filter((row) => row.includes('NOT'));
console.log(
  `${rows.length - failed.length} of ${rows.length} alerts fired by their fault and were over`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
