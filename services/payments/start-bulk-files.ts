import { BULK_FILE_REQUESTS, type BulkCounts } from '@florin/contracts';
import { faultText } from '@florin/kernel';
import { pollWork, type Metrics, type Service } from '@florin/runtime';
import { createFindWalletFacts } from './adapters/wallet-facts.ts';
import { createSlots } from './in-flight.ts';
import { createBulkFileUseCases } from './manage-bulk-files.ts';
import { createPayPiece } from './pay-piece.ts';
import { createRunBulkFiles } from './run-bulk-files.ts';
import type { PartDeps, ServicePart } from './service-part.ts';
import { countRunning, forgetFiles } from './sql/bulk-files.ts';

const LOOK_EVERY_MS = 5_000;
const DAY_MS = 86_400_000;

function createCount(metrics: Metrics) {
  const lines = metrics.counter({
    name: 'bulk_lines_total',
    help: 'Lines of files by what became of them',
    labelNames: ['outcome'],
  });
  return (counts: BulkCounts): void => {
    for (const [outcome, number] of Object.entries(counts)) lines.inc({ outcome }, number);
  };
}

/** Keeps gauges of the files of the whole installation, and forgets old ones. */
function watchFiles({ clock, log, metrics, onStop }: Service, { db, config }: PartDeps): void {
  const files = metrics.gauge({
    name: 'bulk_files_running',
    help: 'Files that are worked on, of all processes together',
  });
  const left = metrics.gauge({
    name: 'bulk_lines_left',
    help: 'Lines of them without a result',
  });
  const idle = metrics.gauge({
    name: 'bulk_files_idle_seconds',
    help: 'How long nobody has worked on the file that waits longest',
  });
  async function look(): Promise<void> {
    const nowMs = clock.nowMs();
    const counted = await countRunning(db, new Date(nowMs));
    files.set(counted.running);
    left.set(Number(counted.linesLeft));
    idle.set(Math.max(0, counted.idleSeconds));
    const ended = new Date(nowMs - config.filesKeptDays * DAY_MS);
    await forgetFiles(db, { uploads: new Date(nowMs - DAY_MS), ended });
  }
  const lookNow = (): void =>
    void look().catch((error: unknown) => log.warn(`files not counted: ${faultText(error)}`));
  lookNow();
  const timer = setInterval(lookNow, LOOK_EVERY_MS);
  onStop('gauges of files', async () => clearInterval(timer));
}

/** Files of payments: taken in, worked through in order, and their results kept. */
export function startBulkFiles(service: Service, deps: PartDeps): ServicePart {
  const { clock, log, metrics, onStop, shutdown } = service;
  const { db, bus, desk, config, onTold } = deps;
  const payPiece = createPayPiece({
    desk,
    findFacts: createFindWalletFacts(bus),
    slots: createSlots(config.bulkInFlight),
    waitMs: config.claimMs,
  });
  const runSome = createRunBulkFiles({
    db,
    clock,
    log,
    payPiece,
    claimMs: config.fileClaimMs,
    shutdown,
    count: createCount(metrics),
    onTold,
  });
  const working = Array.from({ length: config.filesAtOnce }, () =>
    pollWork({ name: 'working on files', everyMs: config.pollMs, log, doSome: runSome }),
  );
  onStop('work on files', async () => {
    await Promise.all(working.map((one) => one.stop()));
  });
  watchFiles(service, deps);
  const useCases = createBulkFileUseCases({
    db,
    clock,
    filesMax: config.filesMax,
    onRunning: () => working.forEach((one) => one.wake()),
    onTold,
  });
  return { settle: async () => undefined, contracts: BULK_FILE_REQUESTS, useCases };
}
