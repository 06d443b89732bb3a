import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, isAlive } from '@florin/testing';

/** What is killed: a service, one of its processes at random, or a server. */
export const VICTIMS = ['ledger', 'gateway', 'banking', 'nats', 'postgres'] as const;
export type Victim = (typeof VICTIMS)[number];

export interface Kill {
  victim: Victim;
  process: string;
  atMs: number;
  /** Until the process was running again. */
  restartedMs: number;
}

/** Kills one process with -9 and waits until its supervisor has started another. */
export async function kill(
  victim: Victim,
  pids: () => Readonly<Record<string, number>>,
): Promise<Kill> {
  const candidates = await eventually(
    () => {
      const found = Object.entries(pids()).filter(([name]) => isOne(name, victim));
      return found.length > 0 ? found : false;
    },
    { timeoutMs: 60_000 },
  );
  const [process_, pid] = candidates[Math.floor(Math.random() * candidates.length)] as [
    string,
    number,
  ];
  const atMs = performance.now();
  process.kill(pid, 'SIGKILL');
  await eventually(
    () => {
      const now = pids()[process_];
      return now !== undefined && now !== pid && isAlive(now);
    },
    { timeoutMs: 120_000 },
  );
  return { victim, process: process_, atMs, restartedMs: performance.now() - atMs };
}

const isOne = (name: string, victim: Victim): boolean =>
  name === victim || name === `${victim}-server` || new RegExp(`^${victim}-\\d+$`).test(name);

/** Kills all kinds in turn, each `times` times, with pauses in which the platform recovers. */
export async function killInTurn(
  times: number,
  pauseMs: number,
  pids: () => Readonly<Record<string, number>>,
  report: (kill: Kill) => void,
): Promise<Kill[]> {
  const kills: Kill[] = [];
  for (let round = 0; round < times; round++) {
    for (const victim of VICTIMS.toSorted(() => Math.random() - 0.5)) {
      await sleep(pauseMs * (0.5 + Math.random()));
      const done = await kill(victim, pids);
      report(done);
      kills.push(done);
    }
  }
  return kills;
}
