import { FlorinProblem, isPassing } from './florin-problem.ts';

export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

interface Patience {
  attemptsMax: number;
  /** Whoever is asked to wait longer is told the problem instead. */
  waitMsMax: number;
  wait: Wait;
  signal: AbortSignal | undefined;
}

const FIRST_WAIT_MS = 200;
const LONGEST_STEP_MS = 10_000;

/** Between half and all of what has doubled each time. */
export const backoffMs = (tried: number): number =>
  Math.min(LONGEST_STEP_MS, FIRST_WAIT_MS * 2 ** (tried - 1)) * (0.5 + Math.random() / 2);

/** Until it is answered, or no answer is to be hoped for. @throws the last problem */
export async function repeatCall<T>(
  attempt: () => Promise<T>,
  { attemptsMax, waitMsMax, wait, signal }: Patience,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      const askedMs = (error instanceof FlorinProblem && error.retryAfterMs) || 0;
      if (tried >= attemptsMax || askedMs > waitMsMax || !isPassing(error)) throw error;
      await wait(Math.min(waitMsMax, Math.max(backoffMs(tried), askedMs)), signal);
    }
  }
}

/** Resolves after this time, or when nobody waits any more. */
export const waitFor: Wait = (ms, signal) =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
