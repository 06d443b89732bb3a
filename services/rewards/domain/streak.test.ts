import { expect, test } from 'vitest';
import { dayOf, daysInARow, pointsOf } from './streak.ts';

/** Hunts streaks that a gap, a month or a leap day breaks or does not break as it should. */

test.each([
  ['alone', '2026-03-01', [], 1],
  ['after the day before', '2026-03-01', ['2026-02-28'], 2],
  ['after a leap day', '2028-03-01', ['2028-02-29', '2028-02-28'], 3],
  ['after a gap', '2026-03-03', ['2026-03-01'], 1],
  ['over the new year, in any order', '2026-01-01', ['2025-12-30', '2025-12-31'], 3],
])('a day %s', (_, day, earlier, days) => {
  expect(daysInARow(day, earlier)).toBe(days);
});

test('days are those of UTC, to the last millisecond', () => {
  expect(dayOf(Date.parse('2026-01-31T23:59:59.999Z'))).toBe('2026-01-31');
  expect(dayOf(Date.parse('2026-02-01T00:00:00.000Z'))).toBe('2026-02-01');
});

test('points grow with the days, up to what a day may bring', () => {
  const terms = { pointsPerDay: 10, pointsPerDayMax: 25 };
  expect([1, 2, 3, 4].map((days) => pointsOf(terms, days))).toEqual([10, 20, 25, 25]);
});
