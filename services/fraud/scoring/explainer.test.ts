import { createScorer, loadArtefact, type Scorer } from '@florin/ml/artefact';
import { FEATURE_GROUPS } from '@florin/ml/features';
import { startBackend } from '@florin/ml/model';
import { beforeAll, describe, expect, test } from 'vitest';
import { createExplainer } from './explainer.ts';

let scorer: Scorer;
let median: Float32Array;
let row: Float32Array;

beforeAll(async () => {
  await startBackend('wasm');
  const loaded = await loadArtefact();
  if (!loaded.ok) throw new Error(loaded.error);
  scorer = createScorer(loaded.value);
  median = Float32Array.from(loaded.value.manifest.medianLegitimate);
  row = median.map((value) => value * 3 + 1);
});

describe('hunts reasons that hold up the payments behind a flood of suspicious ones', () => {
  test('the first are exact; the flood is explained to its end, about the same', () => {
    const explainer = createExplainer(scorer, median, () => 0);
    const found = explainer.explain(Array.from({ length: 100 }, () => row));
    const exact = scorer.explain(row);
    expect(found.slice(0, 3)).toEqual([exact, exact, exact]);
    expect(found).toHaveLength(100);
    const cheap = found[3] ?? [];
    expect(cheap).toHaveLength(FEATURE_GROUPS.length);
    expect(cheap.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    const strongest = exact.slice(0, 3).map(({ group }) => group);
    expect(strongest).toContain(cheap[0]?.group);
  });

  test('time that passes buys exact ones again, but never more than a few at once', () => {
    let nowMs = 0;
    const explainer = createExplainer(scorer, median, () => nowMs);
    const exact = scorer.explain(row);
    const exactOf = (rows: number): number =>
      explainer
        .explain(Array.from({ length: rows }, () => row))
        .filter(([first]) => first?.logit === exact[0]?.logit).length;
    expect(exactOf(5)).toBe(3);
    nowMs = 34;
    expect(exactOf(5)).toBe(1);
    nowMs = 60_000;
    expect(exactOf(5)).toBe(3);
  });

  test('nothing to explain is no work', () => {
    expect(createExplainer(scorer, median).explain([])).toEqual([]);
  });
});
