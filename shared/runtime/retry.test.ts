import { RetryableError, TerminalError } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import { backoffMs, retry } from './mod.ts';

const quick = { attempts: 3, baseMs: 1, capMs: 1 };

function failing(times: number, error: Error) {
  const seen: number[] = [];
  const work = async (attempt: number) => {
    seen.push(attempt);
    if (attempt <= times) throw error;
    return 'done';
  };
  return { seen, work };
}

describe('retry repeats what may work later, and nothing else', () => {
  test.each([
    { name: 'no failure', times: 0, error: new RetryableError('x'), calls: 1, done: true },
    { name: 'two failures', times: 2, error: new RetryableError('x'), calls: 3, done: true },
    { name: 'attempts used up', times: 3, error: new RetryableError('x'), calls: 3, done: false },
    { name: 'terminal', times: 1, error: new TerminalError('x'), calls: 1, done: false },
    { name: 'unknown fault', times: 1, error: new Error('x'), calls: 1, done: false },
  ])('$name: $calls calls', async ({ times, error, calls, done }) => {
    const { seen, work } = failing(times, error);
    const result = await retry(work, quick).catch((thrown: unknown) => thrown);
    expect(result).toBe(done ? 'done' : error);
    expect(seen).toHaveLength(calls);
  });

  test('the caller decides what is retryable', async () => {
    const { seen, work } = failing(1, new Error('busy'));
    await retry(work, { ...quick, isRetryable: (e) => (e as Error).message === 'busy' });
    expect(seen).toEqual([1, 2]);
  });

  test('an abort ends the waiting at once with the last fault', async () => {
    const stop = new AbortController();
    const fault = new RetryableError('away');
    const { seen, work } = failing(9, fault);
    const hour = 3_600_000;
    const options = { attempts: 9, baseMs: hour, capMs: hour, random: () => 1 };
    const result = retry(work, { ...options, signal: stop.signal });
    stop.abort();
    await expect(result).rejects.toBe(fault);
    expect(seen).toEqual([1]);
  });
});

describe('the backoff doubles up to its cap, and jitter takes any part of it', () => {
  test.each([
    [1, 1, 100],
    [2, 1, 200],
    [4, 1, 800],
    [5, 1, 1000],
    [60, 1, 1000],
    [3, 0, 0],
    [3, 0.5, 200],
  ])('attempt %i at %d is %i ms', (attempt, part, expected) => {
    expect(backoffMs(attempt, { baseMs: 100, capMs: 1000, random: () => part })).toBe(expected);
  });
});
