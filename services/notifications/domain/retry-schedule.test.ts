import { describe, expect, it } from 'vitest';
import { RETRY_SCHEDULE_MS, retryDelayMs } from './retry-schedule.ts';

describe('retries: hunts receivers that are given up too soon, or asked for ever', () => {
  it('follows the schedule, a tenth more or less', () => {
    expect(retryDelayMs([1000, 2000], 1, 0.5)).toBe(1000);
    expect(retryDelayMs([1000, 2000], 2, 0)).toBe(1800);
    expect(retryDelayMs([1000, 2000], 2, 1)).toBe(2200);
  });

  it('ends after the last pause', () => {
    expect(retryDelayMs([1000], 2, 0.5)).toBeUndefined();
    expect(retryDelayMs(RETRY_SCHEDULE_MS, RETRY_SCHEDULE_MS.length + 1, 0.5)).toBeUndefined();
  });

  it('goes on for three days: a receiver may be away over a weekend', () => {
    const hours = RETRY_SCHEDULE_MS.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(72);
  });
});
