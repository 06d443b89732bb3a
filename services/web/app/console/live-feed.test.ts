import { expect, test } from 'vitest';
import type { TransactionView } from '../api/answers.ts';
import { advance, emptyFeed, hear, quantile, TICK_MS, TICKS, totalsOf } from './live-feed.ts';

const decided = (id: string, status: TransactionView['status'], tookMs = 10): TransactionView => ({
  id,
  type: 'transfer',
  status,
  walletId: 'w',
  amount: '1',
  currency: 'USD',
  createdAt: new Date(0).toISOString(),
  completedAt: new Date(tookMs).toISOString(),
});

test('what happened before the window is counted no more, and nothing else is lost', () => {
  const start = 1_000_000_000;
  let feed = emptyFeed(start);
  feed = hear(feed, decided('a', 'completed'), start);
  feed = hear(feed, decided('b', 'failed'), start + 2 * TICK_MS);
  expect(feed.ticks).toHaveLength(TICKS);
  expect(totalsOf(feed)).toEqual({ completed: 1, failed: 1, held: 0 });
  feed = advance(feed, start + TICKS * TICK_MS);
  expect(totalsOf(feed)).toEqual({ completed: 0, failed: 1, held: 0 });
  feed = advance(feed, start + 10 * TICKS * TICK_MS);
  expect(totalsOf(feed)).toEqual({ completed: 0, failed: 0, held: 0 });
  expect(feed.ticks).toHaveLength(TICKS);
});

test('ticks follow each other without a gap', () => {
  const feed = advance(emptyFeed(1_000_000_000), 1_000_000_000 + 7 * TICK_MS);
  const gaps = feed.ticks.slice(1).map(({ at }, index) => at - (feed.ticks[index]?.at ?? 0));
  expect(new Set(gaps)).toEqual(new Set([TICK_MS]));
});

test('a transaction that is told again is listed once, as it is now', () => {
  let feed = hear(emptyFeed(0), decided('a', 'held'), 0);
  feed = hear(feed, decided('b', 'completed'), 0);
  feed = hear(feed, decided('a', 'completed'), 0);
  expect(feed.latest.map(({ id, status }) => [id, status])).toEqual([
    ['a', 'completed'],
    ['b', 'completed'],
  ]);
});

test.each([
  [[], 0.5, undefined],
  [[7], 0.99, 7],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.5, 6],
  [[10, 1], 0.99, 10],
] as const)('of %j the quantile %d is %s', (durations, share, expected) => {
  expect(quantile(durations, share)).toBe(expected);
});
