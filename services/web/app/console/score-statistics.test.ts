import { expect, test } from 'vitest';
import {
  agreementsOf,
  precisionRecall,
  sharesOf,
  stabilityIndex,
  type Scored,
} from './score-statistics.ts';

test('every score falls into one bin, the highest too', () => {
  expect(sharesOf([0, 0.05, 0.95, 1])).toEqual([0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0.5]);
  expect(sharesOf([]).every((share) => share === 0)).toBe(true);
});

test('the same scores have not drifted, others have', () => {
  const low = [0.05, 0.11, 0.12, 0.3];
  expect(stabilityIndex(low, low)).toBe(0);
  // Half and half against nine tenths and one: (0.5 − 0.9) ln(0.5 / 0.9) + (0.5 − 0.1) ln 5.
  const even = [0.05, 0.95];
  const uneven = [...Array.from({ length: 9 }, () => 0.05), 0.95];
  const expected = -0.4 * Math.log(0.5 / 0.9) + 0.4 * Math.log(5);
  expect(stabilityIndex(even, uneven)).toBeCloseTo(expected, 10);
  expect(stabilityIndex(low, [0.9, 0.99])).toBeGreaterThan(0.25);
});

test('a model that looks on is compared by what it would have decided', () => {
  const decided = (decision: Scored['decision'], other: Scored['decision']): Scored => ({
    score: 0.1,
    decision,
    others: [{ modelVersion: 'new', score: 0.2, decision: other }],
  });
  const agreement = agreementsOf([
    decided('approve', 'approve'),
    decided('approve', 'review'),
    decided('block', 'review'),
    decided('review', 'review'),
  ]);
  expect(agreement).toEqual([
    {
      modelVersion: 'new',
      count: 4,
      alike: 0.5,
      stricter: 0.25,
      milder: 0.25,
      scores: [0.2, 0.2, 0.2, 0.2],
    },
  ]);
});

test('precision and recall by hand, with scores that no threshold tells apart', () => {
  const judged = [
    { score: 0.9, fraud: true },
    { score: 0.8, fraud: false },
    { score: 0.8, fraud: true },
    { score: 0.1, fraud: false },
  ];
  expect(precisionRecall(judged)).toEqual([
    { recall: 0.5, precision: 1, threshold: 0.9 },
    { recall: 1, precision: 2 / 3, threshold: 0.8 },
    { recall: 1, precision: 0.5, threshold: 0.1 },
  ]);
  expect(precisionRecall([{ score: 0.9, fraud: false }])).toEqual([]);
});
