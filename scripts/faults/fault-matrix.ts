import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@florin/testing';
import { rebuildLedger } from '../cli/rebuild-ledger.ts';
import { everybodyReady, FAULTS } from './matrix-faults.ts';
import { openMatrixStage, type Component, type MatrixStage } from './matrix-stage.ts';
import { openLoad, type Load } from './open-load.ts';
import { anyPayment, type Acknowledged } from './payer.ts';
import { openPlanner } from './plan-transfers.ts';
import { compareTold, readBooks, reckon, type Reckoning } from './reckoning.ts';

export interface MatrixOptions {
  /** Of each cell. */
  runs: number;
  components: readonly Component[];
  faults: readonly string[];
  say(line: string): void;
}

/** What all runs of one fault of one component came to. */
export interface Cell {
  component: Component;
  fault: string;
  runs: number;
  acknowledged: number;
  lost: number;
  doubled: number;
  /** The longest time in which nobody was told anything. */
  silenceMs: number;
  /** The longest time from the fault until every process was ready and people were served. */
  recoveryMs: number;
}

export interface Matrix {
  cells: Cell[];
  total: Reckoning;
  /** The audit log makes the same books, and the streams the same risk profiles. */
  rebuildsTheSame: boolean;
}

interface Run {
  component: Component;
  fault: string;
  acknowledged: readonly Acknowledged[];
  silenceMs: number;
  recoveryMs: number;
}

const WALLETS = 20;
const CLIENTS = 8;
/** People pause between two payments: what is looked for are faults, not limits. */
const PAUSE_MS = 100;
/** So many payments after a fault show that people are served again. */
const PAYMENTS_AFTER = 12;

/**
 * Every fault happens to every component, again and again, on one platform that people use all the
 * while. At the end what they were told is compared with the books, run by run and as a whole.
 * @returns why there is none, where a program can't be had
 */
export async function faultMatrix(options: MatrixOptions): Promise<Matrix | string> {
  const { say } = options;
  const stage = await openMatrixStage();
  if (typeof stage === 'string') return stage;
  await using stack = new AsyncDisposableStack();
  stack.use(stage);
  const load = stack.use(await openLoad(stage.platform, WALLETS));
  const planner = await openPlanner(stage.platform.dev(), load);
  const { acknowledged, payer, wallets } = load;
  let isOver = false;
  const clients = Array.from({ length: CLIENTS }, async () => {
    for (; !isOver; await sleep(PAUSE_MS)) {
      acknowledged.push(await payer.settle(anyPayment(wallets)));
    }
  });
  const runs: Run[] = [];
  for (let round = 1; round <= options.runs; round++) {
    for (const component of options.components) {
      for (const fault of options.faults) {
        const run = await strike(stage, load, { component, fault, plan: planner.plan });
        runs.push(run);
        say(`${round}: ${component}, ${fault}: ready ${run.recoveryMs} ms after it began`);
      }
    }
  }
  isOver = true;
  await Promise.all(clients);
  say('comparing what people were told with the books');
  acknowledged.push(...(await planner.settled()));
  const total = await reckon(load.pool, load.bus, wallets, acknowledged);
  const books = await readBooks(load.pool);
  const { text, failed = false } = await rebuildLedger({ dev: stage.platform.dev() });
  say(text);
  const cells = cellsOf(runs, (told) => compareTold(books, told));
  return { cells, total, rebuildsTheSame: !failed };
}

async function strike(
  stage: MatrixStage,
  { acknowledged }: Load,
  { component, fault, plan }: { component: Component; fault: string; plan(): Promise<void> },
): Promise<Run> {
  const before = acknowledged.length;
  const startedMs = performance.now();
  const planned = plan();
  await FAULTS[fault]?.(stage, component);
  await everybodyReady(stage);
  const served = acknowledged.length + PAYMENTS_AFTER;
  await eventually(() => acknowledged.length >= served, { timeoutMs: 180_000 });
  const recoveryMs = Math.round(performance.now() - startedMs);
  await planned;
  const told = acknowledged.slice(before);
  const times = [startedMs, ...told.map(({ atMs }) => atMs).toSorted((a, b) => a - b)];
  const silences = times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs));
  const silenceMs = Math.round(Math.max(0, ...silences));
  return { component, fault, acknowledged: told, silenceMs, recoveryMs };
}

function cellsOf(
  runs: readonly Run[],
  compare: (told: readonly Acknowledged[]) => { lost: number; doubled: number },
): Cell[] {
  const byCell = Map.groupBy(runs, ({ component, fault }) => `${component}, ${fault}`);
  return [...byCell.values()].map((of) => {
    const [{ component, fault }] = of as [Run];
    const told = of.flatMap((run) => run.acknowledged);
    return {
      component,
      fault,
      runs: of.length,
      acknowledged: told.length,
      ...compare(told),
      silenceMs: Math.max(...of.map((run) => run.silenceMs)),
      recoveryMs: Math.max(...of.map((run) => run.recoveryMs)),
    };
  });
}
