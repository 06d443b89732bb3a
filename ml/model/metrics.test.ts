import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  areaUnderRoc,
  atTop,
  averagePrecision,
  crossEntropy,
  precisionRecallCurve,
  reliability,
} from './metrics.ts';

/** The definition itself: every pair of a fraud and a legitimate row, a tie being half a win. */
function areaByPairs(scores: number[], labels: number[]): number {
  const of = (label: number): number[] => scores.filter((_, row) => labels[row] === label);
  const wins = of(1).flatMap((fraud) =>
    of(0).map((other) => (fraud > other ? 1 : fraud === other ? 0.5 : 0)),
  );
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

/** Few distinct scores, so that ties are frequent; both labels are always there. */
const scored = fc
  .array(
    fc.record({ score: fc.integer({ min: 0, max: 6 }), label: fc.integer({ min: 0, max: 1 }) }),
  )
  .map((rows) => [...rows, { score: 3, label: 1 }, { score: 3, label: 0 }])
  .map((rows) => ({
    scores: rows.map(({ score }) => score),
    labels: rows.map(({ label }) => label),
  }));

describe('hunts metrics that flatter a model', () => {
  test('the area under the ROC curve counts pairs, ties as half', () => {
    fc.assert(
      fc.property(scored, ({ scores, labels }) => {
        expect(areaUnderRoc(scores, labels)).toBeCloseTo(areaByPairs(scores, labels), 10);
      }),
    );
  });

  test('average precision does not depend on the order in which ties happen to lie', () => {
    fc.assert(
      fc.property(scored, ({ scores, labels }) => {
        const there = averagePrecision(scores, labels);
        expect(averagePrecision(scores.toReversed(), labels.toReversed())).toBeCloseTo(there, 10);
      }),
    );
  });

  // Worked out by scikit-learn's documented formula: sum of (recall gained) * precision.
  test.each([
    { scores: [0.1, 0.4, 0.35, 0.8], labels: [0, 0, 1, 1], average: 0.8333, area: 0.75 },
    { scores: [4, 3, 2, 1], labels: [1, 1, 0, 0], average: 1, area: 1 },
    { scores: [1, 2, 3, 4], labels: [1, 0, 0, 0], average: 0.25, area: 0 },
    { scores: [5, 5, 5, 5], labels: [1, 0, 0, 0], average: 0.25, area: 0.5 },
  ])('$labels scored $scores', ({ scores, labels, average, area }) => {
    expect(averagePrecision(scores, labels)).toBeCloseTo(average, 4);
    expect(areaUnderRoc(scores, labels)).toBeCloseTo(area, 10);
  });

  test('each operating point says what a threshold catches and what it costs', () => {
    expect(precisionRecallCurve([9, 7, 7, 1], [1, 0, 1, 0])).toEqual([
      { score: 9, alerts: 1, precision: 1, recall: 0.5 },
      { score: 7, alerts: 3, precision: 2 / 3, recall: 1 },
      { score: 1, alerts: 4, precision: 0.5, recall: 1 },
    ]);
  });

  test('at the top k only k rows are alerts, even when more have the last score', () => {
    expect(atTop([9, 7, 7, 1], [0, 1, 1, 0], 2)).toEqual({ precision: 0.5, recall: 0.5 });
  });

  test('the cross-entropy of an extreme logit is finite', () => {
    expect(crossEntropy([1000, -1000], [0, 1])).toBe(1000);
    expect(crossEntropy([0, 0], [0, 1])).toBeCloseTo(Math.LN2, 12);
  });

  test('reliability compares predicted with observed, bin by bin', () => {
    expect(reliability([0.75, 0.25, 0.25, 0.75], [1, 0, 0, 1], 2)).toEqual([
      { rows: 2, predicted: 0.25, observed: 0 },
      { rows: 2, predicted: 0.75, observed: 1 },
    ]);
  });
});
