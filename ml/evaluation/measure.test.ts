import { describe, expect, it } from 'vitest';
import type { Policy } from '../artefact/mod.ts';
import { F, FEATURE_COUNT } from '../features/mod.ts';
import { flagTop, measure, measurePolicy, recallByTypology, type Period } from './measure.ts';

const policy: Policy = {
  version: 2,
  review: 0.2,
  block: 0.8,
  costs: { review: 4, delayedCustomer: 2, blockedCustomer: 40, missedInReview: 0.1 },
  limits: { legitimateBlocked: 0.001, alerts: 0.01 },
  rules: [
    {
      code: 'large',
      text: 'It is large',
      types: ['transfer'],
      when: { amount: { min: 5000 } },
      decision: 'review',
    },
  ],
  degraded: { approveUpToCents: 10_000, holdWithdrawals: true, holdNewPayees: true },
};

/** 200 transactions: the first two are frauds of 100.00 and 300.00, the third looks like one. */
const period: Period = {
  features: { rows: 200, columns: FEATURE_COUNT, values: new Float32Array(200 * FEATURE_COUNT) },
  types: Array.from({ length: 200 }, () => 'transfer' as const),
  frauds: Float32Array.from({ length: 200 }, (_, row) => (row < 2 ? 1 : 0)),
  cents: Float64Array.from({ length: 200 }, (_, row) => (row === 1 ? 30_000 : 10_000)),
  typologies: Array.from({ length: 200 }, (_, row) =>
    row === 0 ? 'structuring' : row === 1 ? 'card-testing' : undefined,
  ),
  hard: Array.from({ length: 200 }, (_, row) => (row === 2 ? 'rent' : undefined)),
};
const probabilities = Float32Array.from({ length: 200 }, (_, row) =>
  row === 0 ? 0.1 : row === 1 ? 0.9 : row === 2 ? 0.85 : row / 10_000,
);

describe('measures', () => {
  it('hunts recall that counts more alerts than people can look at', () => {
    expect(flagTop(probabilities).reduce((sum, flag) => sum + flag, 0)).toBe(2);
    const { recall, moneyRecall } = measure(period, probabilities);
    expect(recall).toBe(0.5);
    expect(moneyRecall).toBe(0.75);
  });

  it('hunts frauds of one typology that are counted for another', () => {
    const recalls = recallByTypology(period, flagTop(probabilities));
    expect([...recalls]).toEqual([
      ['card-testing', 1],
      ['structuring', 0],
    ]);
  });

  it('hunts shares of decisions with the wrong denominator', () => {
    expect(measurePolicy(period, policy, probabilities)).toEqual({
      legitimateBlocked: 1 / 198,
      alerts: 2 / 200,
      precision: 0.5,
      blocked: 0.5,
      caught: 0.5,
      moneyCaught: 0.75,
      wronglyStopped: new Map([['rent', 1]]),
      rules: new Map(),
    });
  });

  it('hunts rules that are not counted, or not told from what the model stops by itself', () => {
    const values = period.features.values.slice();
    for (const row of [0, 1, 7]) values[row * FEATURE_COUNT + F.amount] = 6000;
    const large = { ...period, features: { ...period.features, values } };
    const { rules, alerts, caught } = measurePolicy(large, policy, probabilities);
    expect(rules.get('large')).toEqual({ fired: 3, frauds: 2, stricter: 2 });
    expect([alerts, caught]).toEqual([4 / 200, 1]);
  });
});
