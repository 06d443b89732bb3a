import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../model/seeded-random.ts';
import { groupShapley } from './group-shapley.ts';

const FEATURES = 20;
const GROUPS = 12;
const random = createSeededRandom(7);
const vector = () => Float32Array.from({ length: FEATURES }, () => random.normal());
const groupOf = Array.from({ length: FEATURES }, (_, feature) => feature % GROUPS);

function explain(one: (row: Float32Array) => number, values: Float32Array, base: Float32Array) {
  const logits = Float32Array.from({ length: 2 ** GROUPS }, (_, coalition) =>
    one(values.map((own, i) => ((coalition >> (i % GROUPS)) & 1 ? own : (base[i] as number)))),
  );
  return groupShapley(logits, GROUPS);
}

describe('group Shapley values', () => {
  it('hunts contributions that do not add up to the difference of logits', () => {
    const weights = vector();
    const bent = (row: Float32Array): number =>
      Math.tanh(row.reduce((sum, value, i) => sum + value * (weights[i] as number), 0)) * 5 +
      (row[3] as number) * (row[7] as number);
    const [values, baseline] = [vector(), vector()];
    const sum = explain(bent, values, baseline).reduce((total, own) => total + own, 0);
    expect(Math.abs(sum - (bent(values) - bent(baseline)))).toBeLessThan(1e-4);
  });

  it('hunts a linear model whose groups do not get exactly their own part', () => {
    const weights = vector();
    const [values, baseline] = [vector(), vector()];
    const linear = (row: Float32Array): number =>
      row.reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
    const found = explain(linear, values, baseline);
    for (let group = 0; group < GROUPS; group++) {
      const expected = groupOf.reduce((sum, own, i) => {
        const gain = (weights[i] as number) * ((values[i] as number) - (baseline[i] as number));
        return own === group ? sum + gain : sum;
      }, 0);
      expect(found[group]).toBeCloseTo(expected, 4);
    }
  });

  it('hunts an interaction that is not shared equally, and gains for nothing', () => {
    const both = (row: Float32Array): number => (row[0] === 1 && row[1] === 1 ? 4 : 0);
    const ones = new Float32Array(FEATURES).fill(1);
    const found = explain(both, ones, new Float32Array(FEATURES));
    expect(found[0]).toBeCloseTo(2, 6);
    expect(found[1]).toBeCloseTo(2, 6);
    expect(Math.max(...found.slice(2))).toBeCloseTo(0, 6);
  });
});
