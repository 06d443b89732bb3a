import { setTimeout as sleep } from 'node:timers/promises';
import { faultText } from '@florin/kernel';

/** One run of a program that is kept running. */
export interface Run {
  readonly pid: number;
  /** Resolves when it does its work; rejects when it ended before, or took too long. */
  readonly ready: Promise<void>;
  /** Resolves, with a text for people, when it has ended in whatever way. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface Program {
  readonly name: string;
  launch(): Promise<Run>;
}

export interface SupervisorEvents {
  /** It runs (again) or has ended: `pid` is undefined while there is no process. */
  onPid(name: string, pid: number | undefined): void;
  onTrouble(name: string, text: string): void;
}

export interface Supervised {
  readonly name: string;
  readonly pid: number | undefined;
  readonly restarts: number;
  /** Resolves at the first readiness; rejects when the program fails FIRST_TRIES times before. */
  readonly ready: Promise<void>;
  /** Ends the program and the supervision. */
  stop(): Promise<void>;
}

const FIRST_TRIES = 3;
const PAUSE_MS = 100;
const PAUSE_MS_MAX = 10_000;
/** Who ran this long has not failed because of how it starts. */
const STABLE_MS = 5_000;

/** Full jitter: what fails together need not come back at the same moment. */
export function restartPauseMs(failures: number, random: () => number = Math.random): number {
  const limit = Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** Math.min(failures - 1, 20));
  return limit / 2 + (limit / 2) * random();
}

/**
 * Keeps a program running: one that ends is started again, at once after a long run and with
 * growing pauses when it keeps failing, which is reported every time.
 */
export function supervise(program: Program, events: SupervisorEvents): Supervised {
  const stopping = new AbortController();
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  ready.catch(() => undefined);
  let run: Run | undefined;
  let restarts = 0;

  async function runOnce(): Promise<string> {
    run = await program.launch();
    if (stopping.signal.aborted) await run.stop();
    events.onPid(program.name, run.pid);
    try {
      await run.ready;
      resolve();
      return await run.ended;
    } catch (error) {
      await run.stop();
      return faultText(error);
    } finally {
      run = undefined;
      events.onPid(program.name, undefined);
    }
  }

  async function keepRunning(): Promise<void> {
    let failures = 0;
    for (let tries = 1; !stopping.signal.aborted; tries++) {
      const startedAt = performance.now();
      const end = await runOnce().catch(faultText);
      if (stopping.signal.aborted) break;
      failures = performance.now() - startedAt > STABLE_MS ? 1 : failures + 1;
      if (tries === FIRST_TRIES) reject(new Error(`${program.name} does not start: ${end}`));
      const pauseMs = restartPauseMs(failures);
      const count = failures > 1 ? ` (${failures} times in a row)` : '';
      events.onTrouble(program.name, `${end}${count}; next try in ${Math.round(pauseMs)} ms`);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      restarts++;
    }
  }

  const kept = keepRunning();
  return {
    name: program.name,
    get pid() {
      return run?.pid;
    },
    get restarts() {
      return restarts;
    },
    ready,
    async stop() {
      stopping.abort();
      reject(new Error(`${program.name} was stopped`));
      await run?.stop();
      await kept;
    },
  };
}
