import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { present, uuidv7 } from '@florin/kernel';
import { migrate } from '@florin/postgres';
import { eventually } from '@florin/testing';
import { hurriedRules } from '../alerts/hurry-rules.ts';
import { firesSoon, watchAlerts, type AlertWatch } from '../alerts/watch-alerts.ts';
import { serviceDatabase } from '../cli/local-servers.ts';
import { resumeHalted } from '../cli/resume-lanes.ts';
import { chartRules, startPrometheus } from '../observability/prometheus.ts';
import { migrationsOf } from '../platform/service-plan.ts';
import { BAD_RELEASES, type BadRelease } from './bad-releases.ts';
import { processCounted } from './process-metrics.ts';
import { rehearse, type Crowd, type Rehearsed, type Stage } from './rehearsal.ts';

/** The one of two that is replaced first, as a Deployment does it. */
const SURGE = 'ledger-2';
const LANES = 16;
/** Windows and pauses of alerts are a sixtieth as long. */
const HURRY = 60;
const NOTICED_WITHIN_MS = 90_000;
const READY_WITHIN_MS = 90_000;
/** Who ends so often without being ready is in a loop. */
const STARTS_MAX = 3;
const PAYMENTS_AFTER = 30;
/** Nobody has so much. */
const BEYOND_ALL = '900000000';

const plantsFile = (dir: string): string => join(dir, 'planted-release.json');

/** A migration that what is in the books contradicts. */
const BAD_MIGRATION = `ALTER TABLE wallets ADD COLUMN nickname text;
ALTER TABLE wallets ADD CONSTRAINT wallets_are_empty CHECK (posted = 0);
`;

/** It runs before any pod of the new version, and as a whole or not at all. */
async function failToMigrate({ dir, platform, load }: Stage): Promise<Record<string, unknown>> {
  const folder = join(dir, 'migrations');
  cpSync(present(migrationsOf('ledger'), 'migrations of the ledger'), folder, { recursive: true });
  writeFileSync(join(folder, '900-bad.sql'), BAD_MIGRATION);
  const url = serviceDatabase(platform.dev().postgresUrl, 'ledger');
  const startedMs = performance.now();
  const failed = await migrate(url, folder).then(
    () => 'applied',
    (error: unknown) => String(error),
  );
  const { rows } = await load.pool.query<{ left: number }>(
    `SELECT count(*)::int AS left FROM information_schema.columns WHERE column_name = 'nickname'`,
  );
  const leftBehind = present(rows[0], 'count of columns').left;
  return { failed, leftBehind, tookMs: Math.round(performance.now() - startedMs) };
}

/** How many partitions it has taken by lease; none when it does not run. */
const lanesOf = ({ platform }: Crowd): Promise<number> =>
  processCounted(platform.dev().metrics[SURGE], 'lease_partitions_owned').catch(() => 0);

/** A new process of whatever version the file names now. */
function replace({ platform }: Crowd, signal: NodeJS.Signals): number | undefined {
  const pid = platform.pidOf(SURGE);
  if (pid !== undefined) process.kill(pid, signal);
  return pid;
}

async function isReady({ platform }: Crowd): Promise<boolean> {
  return (await fetch(new URL('/readyz', platform.dev().metrics[SURGE]))).ok;
}

/** Starts again and again, and is ready never. */
async function neverReady(crowd: Crowd, before: number | undefined): Promise<void> {
  const seen = new Set<number>();
  await eventually(
    () => {
      const pid = crowd.platform.pidOf(SURGE);
      if (pid !== undefined && pid !== before) seen.add(pid);
      return seen.size >= STARTS_MAX;
    },
    { timeoutMs: NOTICED_WITHIN_MS, everyMs: 50 },
  );
}

/** It is ready, as far as anybody can see, and has taken its share. */
async function hasLanes(crowd: Crowd, before: number | undefined): Promise<void> {
  await eventually(
    async () => {
      const pid = crowd.platform.pidOf(SURGE);
      return pid !== undefined && pid !== before && (await lanesOf(crowd)) > 0;
    },
    { timeoutMs: READY_WITHIN_MS, everyMs: 50 },
  );
}

async function rollBack(crowd: Crowd, file: string): Promise<void> {
  writeFileSync(file, '[]');
  const before = replace(crowd, 'SIGTERM');
  await eventually(
    async () => {
      const pid = crowd.platform.pidOf(SURGE);
      return pid !== undefined && pid !== before && (await isReady(crowd).catch(() => false));
    },
    { timeoutMs: READY_WITHIN_MS, everyMs: 100 },
  );
}

/** From every wallet, so that some of them are in partitions of the new version. */
async function askForTooMuch({ load }: Crowd): Promise<void> {
  const [first = '', ...others] = load.wallets;
  const told = await Promise.all(
    others.map((from) => {
      const body = { fromWalletId: from, toWalletId: first, amount: BEYOND_ALL };
      return load.payer.settle({ key: uuidv7(), path: '/v1/transfers', body });
    }),
  );
  load.acknowledged.push(...told);
}

/** Releases it beside the good one, waits until it is noticed, and takes it back. */
async function release(stage: Stage, watch: AlertWatch, bad: BadRelease) {
  const { say, paid } = stage;
  const file = plantsFile(stage.dir);
  writeFileSync(file, JSON.stringify(bad.plants));
  const [fromMs, startedMs] = [watch.nowMs(), performance.now()];
  const before = replace(stage, 'SIGTERM');
  if (bad.alert !== undefined) await hasLanes(stage, before);
  const asked = bad.asksForTooMuch ? askForTooMuch(stage) : undefined;
  const noticed =
    bad.alert === undefined
      ? await neverReady(stage, before).then(() => true)
      : await firesSoon(watch, bad.alert, fromMs, NOTICED_WITHIN_MS);
  const noticedMs = Math.round(performance.now() - startedMs);
  const lanes = await lanesOf(stage);
  // What a Deployment looks at before it replaces the next pod.
  const stopsByItself = !(await isReady(stage).catch(() => false));
  await rollBack(stage, file);
  // As the runbook says it: the reason is gone with the version.
  const { length: halted } = bad.halts ? await resumeHalted(stage.platform.dev()) : [];
  const backMs = Math.round(performance.now() - startedMs);
  await asked;
  await paid(PAYMENTS_AFTER);
  const by = noticed ? (bad.alert ?? 'never ready') : 'NOTHING';
  say(`${bad.name}: ${by} after ${noticedMs} ms, rolled back after ${backMs} ms`);
  return { release: bad.name, by, stopsByItself, noticedMs, backMs, lanes, halted, of: LANES };
}

/**
 * Versions of the ledger that are bad, each in its way, are rolled out beside a good one while
 * people pay, are noticed, and taken back: the second of two processes is replaced, and takes its
 * share of the lanes. Before that a migration fails that comes with one of them.
 */
export async function rollBackLedger(say: (line: string) => void): Promise<Rehearsed | string> {
  let missing: string | undefined;
  const done = await rehearse(
    'bad versions of the ledger are released',
    say,
    async (stage) => {
      const struckMs = performance.now();
      await using stack = new AsyncDisposableStack();
      const prometheus = await startPrometheus({
        dir: join(stage.dir, 'prometheus'),
        targets: () => stage.platform.dev().metrics,
        rules: hurriedRules(chartRules(), HURRY),
        everySeconds: 1,
      });
      if (typeof prometheus === 'string') {
        missing = prometheus;
        return { struckMs };
      }
      stack.defer(() => prometheus.stop());
      const watch = watchAlerts(prometheus);
      stack.defer(async () => watch.stop());
      const migration = await failToMigrate(stage);
      say(`its migration: ${String(migration['failed'])}`);
      const releases = [];
      for (const bad of BAD_RELEASES) releases.push(await release(stage, watch, bad));
      return { struckMs, facts: { migration, releases } };
    },
    {
      prepare: ({ dir }) => writeFileSync(plantsFile(dir), '[]'),
      platform: (dir) => ({
        scale: { ledger: 2 },
        serviceEnv: {
          [SURGE]: {
            NODE_OPTIONS: '--import ./scripts/disasters/planted-release.ts',
            PLANTED_RELEASE: plantsFile(dir),
          },
        },
      }),
    },
  );
  return missing ?? done;
}
