import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** What a benchmark reads of the machine and of processes, on Linux. */

const TICKS_PER_SECOND = 100;

interface ProcessStat {
  pid: number;
  parent: number;
  cpuSeconds: number;
  /** Of its children that have ended. */
  endedSeconds: number;
}

function statOf(pid: number | string): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const seconds = (user: number): number =>
      ((fields[user] ?? 0) + (fields[user + 1] ?? 0)) / TICKS_PER_SECOND;
    return {
      pid: Number(pid),
      parent: fields[1] ?? 0,
      cpuSeconds: seconds(11),
      endedSeconds: seconds(13),
    };
  } catch {
    return undefined;
  }
}

/** CPU seconds of a process so far; of Postgres with its backends, those of before included. */
function cpuOf(name: string, root: number): number {
  if (!name.startsWith('postgres')) return statOf(root)?.cpuSeconds ?? 0;
  const ended = statOf(root)?.endedSeconds ?? 0;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(statOf)
    .filter((stat) => stat !== undefined)
    .filter((stat) => stat.pid === root || stat.parent === root)
    .reduce((sum, stat) => sum + stat.cpuSeconds, ended);
}

/** The most memory that a process ever had resident, in MB. */
function peakMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
}

export interface Usage {
  /** CPU microseconds per transaction, by process. */
  cpuMicros: Record<string, number>;
  /** Sum of all processes, the load generator included. */
  cpuMicrosTotal: number;
  /** Peak resident memory in MB, by process. */
  peakMb: Record<string, number>;
}

/** Starts watching processes; the answer tells what they used per transaction since. */
export function watchUsage(pids: Record<string, number>): (transactions: number) => Usage {
  const all = { ...pids, loadGenerator: process.pid };
  const before = Object.entries(all).map(([name, pid]) => [name, pid, cpuOf(name, pid)] as const);
  return (transactions) => {
    const cpuMicros: Record<string, number> = {};
    for (const [name, pid, cpu] of before) {
      cpuMicros[name] = round(((cpuOf(name, pid) - cpu) * 1e6) / transactions);
    }
    const cpuMicrosTotal = round(Object.values(cpuMicros).reduce((sum, one) => sum + one, 0));
    const peaks = Object.entries(all).map(([name, pid]) => [name, peakMb(pid)] as const);
    return { cpuMicros, cpuMicrosTotal, peakMb: Object.fromEntries(peaks) };
  };
}

const SPIN = `
  const { parentPort } = require('node:worker_threads');
  const until = performance.now() + 400;
  let turns = 0;
  while (performance.now() < until) turns++;
  parentPort.postMessage(turns);`;

/**
 * How many cores two busy threads really got: virtual machines throttle without showing it, and a
 * figure without this one can't be compared with another day's.
 */
export async function probeCores(): Promise<number> {
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const spins = [1, 2].map(() => {
    const worker = new Worker(SPIN, { eval: true });
    return new Promise((resolve) => worker.once('exit', resolve));
  });
  await Promise.all(spins);
  const used = process.cpuUsage(before);
  return round((used.user + used.system) / 1000 / (performance.now() - startedMs));
}

export const round = (value: number, digits = 2): number =>
  Math.round(value * 10 ** digits) / 10 ** digits;

/** Milliseconds below which a share of the samples lies. */
export function percentile(samplesMs: readonly number[], share: number): number {
  if (samplesMs.length === 0) return Number.NaN;
  const sorted = Float64Array.from(samplesMs).toSorted();
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number);
}

/** The last line of a benchmark: one JSON object. Everything before it is for people. */
export function printResult(result: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
