import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { eventually } from './eventually.ts';

/**
 * Ends a server that an earlier, killed run left behind. Process ids are used again, so it is
 * touched only while its command line still mentions what only that server would.
 */
export async function endLeftover(
  pid: number | undefined,
  mention: string,
  signal: NodeJS.Signals,
): Promise<void> {
  if (pid === undefined || !commandOf(pid).includes(mention)) return;
  process.kill(pid, signal);
  await eventually(() => !commandOf(pid).includes(mention), { timeoutMs: 60_000 });
}

/** The process id in the first line of a pid file. */
export function pidIn(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return pid > 0 ? pid : undefined;
}

/** The command line of a process, or an empty text when it does not exist (or is a zombie). */
export function commandOf(pid: number): string {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  }
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
}
