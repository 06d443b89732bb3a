import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { eventually } from './eventually.ts';

/** The processes that a process started and that still live. */
export function childrenOf(parent: number): number[] {
  const table = existsSync('/proc/self/stat') ? fromProc() : fromPs();
  return table.filter(([, ppid]) => ppid === parent).map(([pid]) => pid);
}

function fromProc(): [pid: number, parent: number][] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = statOf(name);
      return stat ? [[Number(name), stat.parent]] : [];
    });
}

/** The command in a stat line is in parentheses and may itself contain some: read from the last. */
function statOf(pid: string): { state: string | undefined; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function fromPs(): [pid: number, parent: number][] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
}

/** Whether a process runs. One that ended but that nobody has waited for (a zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return statOf(String(pid))?.state !== 'Z';
}

/** Signals each of these processes that still runs: children come and go while one lists them. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Waits until none of these processes is left. */
export async function whenGone(pids: number[]): Promise<void> {
  await eventually(() => !pids.some(isAlive), { timeoutMs: 30_000, everyMs: 5 });
}
