import { describe, expect, it } from 'vitest';
import {
  countAttempts,
  countDeclines,
  HOUR_MS,
  KIND,
  pushAttempt,
  pushDecline,
  type RecentAttempts,
} from './recent-attempts.ts';

const count = (recent: RecentAttempts, now: number) => {
  const counts = { attempts5m: 0, attempts1h: 0, small1h: 0, spent1h: 0 };
  countAttempts(recent, now, 500, counts);
  return counts;
};

describe('recent attempts', () => {
  it('hunts windows that are off by a millisecond at their edges', () => {
    const recent: RecentAttempts = [];
    pushAttempt(recent, 1_000_000, 700, KIND.debit);
    expect(count(recent, 1_000_000 + 300_000 - 1).attempts5m).toBe(1);
    expect(count(recent, 1_000_000 + 300_000).attempts5m).toBe(0);
    expect(count(recent, 1_000_000 + HOUR_MS - 1).attempts1h).toBe(1);
    expect(count(recent, 1_000_000 + HOUR_MS).attempts1h).toBe(0);
  });

  it('hunts kinds that are counted as another: deposits, tiny amounts', () => {
    const recent: RecentAttempts = [];
    pushAttempt(recent, 1, 499, KIND.credit);
    pushAttempt(recent, 2, 500, KIND.debit);
    expect(count(recent, 4)).toEqual({
      attempts5m: 2,
      attempts1h: 2,
      small1h: 1,
      spent1h: 500,
    });
  });

  it('hunts declines that count too long, or before they happen', () => {
    const declines: number[] = [];
    pushDecline(declines, 1_000_000);
    pushDecline(declines, 1_000_000 + HOUR_MS - 1);
    expect(countDeclines(declines, 1_000_000)).toBe(1);
    expect(countDeclines(declines, 1_000_000 + HOUR_MS - 1)).toBe(2);
    expect(countDeclines(declines, 1_000_000 + HOUR_MS)).toBe(1);
  });

  it('hunts memory without bound in a wallet that never rests', () => {
    const recent: RecentAttempts = [];
    for (let now = 0; now < 10_000; now++) pushAttempt(recent, now, 1, KIND.debit);
    expect(recent.length).toBeLessThanOrEqual(256 * 3);
    expect(count(recent, 10_000).attempts1h).toBe(256);
  });
});
