import { createScorer, loadArtefact } from '@florin/ml/artefact';
import { FEATURE_COUNT, FEATURE_GROUPS } from '@florin/ml/features';
import { startBackend } from '@florin/ml/model';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createExplainer, type Explainer } from './explainer.ts';

let explainer: Explainer;
let scorer: ReturnType<typeof createScorer>;
let median: Float32Array;
let nowMs = 0;
let patienceMs = 1000;

beforeAll(async () => {
  await startBackend('wasm');
  const loaded = await loadArtefact();
  if (!loaded.ok) throw new Error(loaded.error);
  scorer = createScorer(loaded.value);
  explainer = createExplainer(loaded.value, scorer, () => (nowMs += patienceMs));
  median = Float32Array.from(loaded.value.manifest.medianLegitimate);
});

const logitOf = (values: Float32Array): number =>
  scorer.logits({ rows: 1, columns: FEATURE_COUNT, values })[0] as number;

/** A transaction that is unlike the median one in some features. */
const transactions = fc
  .array(fc.tuple(fc.nat(FEATURE_COUNT - 1), fc.integer({ min: 0, max: 40 })), { maxLength: 30 })
  .map((changes) => {
    const row = median.slice();
    for (const [feature, value] of changes) row[feature] = value / 4;
    return row;
  });

describe('hunts reasons that are cheaper than exact ones, and other than them', () => {
  test('they equal what scoring every mixture from its features gives', () => {
    fc.assert(
      fc.property(transactions, (row) => {
        const [found = []] = explainer.explain([row]);
        const expected = new Map(scorer.explain(row).map((one) => [one.group, one]));
        for (const { group, logit, share } of found) {
          expect(logit).toBeCloseTo(expected.get(group)?.logit ?? Number.NaN, 3);
          expect(share).toBeCloseTo(expected.get(group)?.share ?? Number.NaN, 2);
        }
      }),
      { numRuns: 8 },
    );
  });

  test('they add up to the difference to the median legitimate transaction', () => {
    fc.assert(
      fc.property(transactions, (row) => {
        const [found = []] = explainer.explain([row]);
        const sum = found.reduce((total, { logit }) => total + logit, 0);
        expect(sum).toBeCloseTo(logitOf(row) - logitOf(median), 3);
      }),
      { numRuns: 50 },
    );
  });

  test('a flood is explained to its end, the strongest group still first', () => {
    patienceMs = 0;
    const row = median.map((value) => value * 3 + 1);
    const found = explainer.explain(Array.from({ length: 100 }, () => row));
    expect(found).toHaveLength(100);
    const [exact, , , , , cheap] = found;
    expect(cheap).toHaveLength(FEATURE_GROUPS.length);
    const strongest = (exact ?? []).slice(0, 3).map(({ group }) => group);
    expect(strongest).toContain(cheap?.[0]?.group);
  });
});
