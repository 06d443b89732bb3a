import { describe, expect, it } from 'vitest';
import { foldFrom } from './fold.ts';
import { SECONDS_PER_DAY, type Transactions } from './transactions.ts';

/** Every customer pays once a day at noon for thirty days; frauds are [customer, day]. */
function monthOf(customers: number, frauds: [number, number][]): Transactions {
  const rows = 30 * customers;
  const dayOf = (row: number): number => Math.floor(row / customers);
  const isFraud = (row: number): boolean =>
    frauds.some(([customer, day]) => row % customers === customer && dayOf(row) === day);
  return {
    rows,
    ids: Int32Array.from({ length: rows }, (_, row) => row),
    seconds: Int32Array.from({ length: rows }, (_, row) => (dayOf(row) + 0.5) * SECONDS_PER_DAY),
    customers: Int32Array.from({ length: rows }, (_, row) => row % customers),
    terminals: new Int32Array(rows),
    cents: new Int32Array(rows),
    frauds: Int32Array.from({ length: rows }, (_, row) => (isFraud(row) ? 1 : 0)),
  };
}

const FIRST_DAY = 2;
const TEST_FROM = FIRST_DAY + 14;

/** The days of the test week on which a customer is judged, when one was a fraud on `day`. */
function judgedDays(day: number): number[] {
  const data = monthOf(3, [[1, day]]);
  const { test } = foldFrom(data, FIRST_DAY);
  return [...test].filter((row) => row % 3 === 1).map((row) => Math.floor(row / 3) - TEST_FROM);
}

describe('a fold of the book', () => {
  it('hunts training and test weeks that are off by a day', () => {
    const { training, test } = foldFrom(monthOf(3, []), FIRST_DAY);
    expect([training[0], training.at(-1)]).toEqual([FIRST_DAY * 3, (FIRST_DAY + 7) * 3 - 1]);
    expect([test[0], test.at(-1)]).toEqual([TEST_FROM * 3, (TEST_FROM + 7) * 3 - 1]);
  });

  it.each([
    ['before the training: nobody asks any more', FIRST_DAY - 1, [0, 1, 2, 3, 4, 5, 6]],
    ['in the training week', FIRST_DAY + 6, []],
    ['eight days before the second test day', TEST_FROM - 7, [0]],
    ['a day too late to be known in the first half', TEST_FROM - 3, [0, 1, 2, 3, 4]],
    ['in the test week itself', TEST_FROM, [0, 1, 2, 3, 4, 5, 6]],
  ])('hunts known cards that are judged, and unknown ones that are not: %s', (_, day, days) => {
    expect(judgedDays(day)).toEqual(days);
  });

  it('hunts a fold that goes beyond the data', () => {
    expect(() => foldFrom(monthOf(2, []), 12)).toThrow('no transactions');
  });
});
