import { setTimeout as delay } from 'node:timers/promises';
import { RetryableError } from '@florin/kernel';

export interface BackoffOptions {
  baseMs: number;
  capMs: number;
  /** 0 ≤ x < 1. Math.random unless given. */
  random?: () => number;
}

export interface RetryOptions extends BackoffOptions {
  /** Calls altogether, the first one included. */
  attempts: number;
  /** Ends the waiting between two attempts: the last fault is thrown. */
  signal?: AbortSignal;
  /** RetryableError unless given. */
  isRetryable?: (error: unknown) => boolean;
}

const isRetryableError = (error: unknown): boolean => error instanceof RetryableError;

/**
 * How long to wait after the given attempt (1 is the first): anywhere between nothing and the
 * exponential bound. Full jitter spreads callers that failed together better than any fixed part.
 */
export function backoffMs(attempt: number, options: BackoffOptions): number {
  const { baseMs, capMs, random = Math.random } = options;
  return random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));
}

/** Calls `work` until it succeeds, fails for good, or the attempts are used up. */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { attempts, signal, isRetryable = isRetryableError } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= attempts || signal?.aborted === true || !isRetryable(error)) throw error;
      const waiting = delay(backoffMs(attempt, options), undefined, signal ? { signal } : {});
      const aborted = await waiting.then(
        () => false,
        () => true,
      );
      if (aborted) throw error;
    }
  }
}
