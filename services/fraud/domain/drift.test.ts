import { describe, expect, test } from 'vitest';
import { partOf, referenceOf, stabilityIndex } from './drift.ts';

const even = referenceOf([1, 2, 3, 4, 5, 6, 7, 8, 9]);
const counted = (reference: typeof even, values: readonly number[]): number[] => {
  const counts = reference.edges.map(() => 0).concat(0);
  for (const value of values) {
    const part = partOf(reference, value);
    counts[part] = (counts[part] ?? 0) + 1;
  }
  return counts;
};

describe('hunts drift that nobody sees, and alarms about none', () => {
  test('what looks like the training data has none', () => {
    const values = Array.from({ length: 1000 }, (_, n) => (n % 10) + 0.5);
    expect(stabilityIndex(even, counted(even, values))).toBeCloseTo(0, 9);
  });

  test('a value on an edge belongs to the part below it', () => {
    expect([0, 1, 1.1, 9, 9.1].map((value) => partOf(even, value))).toEqual([0, 0, 1, 8, 9]);
  });

  test('the index is that of the formula', () => {
    const counts = [20, 20, ...Array.from({ length: 8 }, () => 7.5)];
    const expected = 2 * (0.1 * Math.log(2)) + 8 * (-0.025 * Math.log(0.75));
    expect(stabilityIndex(even, counts)).toBeCloseTo(expected, 9);
  });

  test('everything in one part is far beyond what asks for a new training', () => {
    expect(stabilityIndex(even, counted(even, [3.5, 3.5]))).toBeGreaterThan(1);
  });

  // Nine edges of zero: at least nine tenths of the training data, perhaps all, were zero.
  const flag = referenceOf(Array.from({ length: 9 }, () => 0));
  test.each([
    ['never set', Array.from({ length: 1000 }, () => 0), 0, 0.001],
    ['set in a hundredth', [...Array.from({ length: 99 }, () => 0), 1], 0, 0.001],
    ['set in half of all', [0, 1], 0.25, 5],
  ])('a flag that is %s', (_, values, atLeast, atMost) => {
    const index = stabilityIndex(flag, counted(flag, values));
    expect(index).toBeGreaterThanOrEqual(atLeast);
    expect(index).toBeLessThanOrEqual(atMost);
  });

  test('nothing seen is no drift', () => {
    expect(stabilityIndex(even, [])).toBe(0);
  });
});
