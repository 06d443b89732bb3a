import type { Contribution, Scorer } from '@florin/ml/artefact';
import { FEATURE_COUNT, FEATURE_GROUPS, FEATURES } from '@florin/ml/features';

const MEMBERS = FEATURE_GROUPS.map((group) =>
  FEATURES.flatMap((feature, index) => (feature.group === group ? [index] : [])),
);

/**
 * Exact explanations that there is time for: so many at once, some 15 ms, and so many in a second,
 * more than the alerts of 2,000 payments a second. Whoever comes behind a flood of suspicious
 * payments must not wait until all of it is explained.
 */
const EXACT_AT_ONCE = 3;
const EXACT_PER_SECOND = 30;

export interface Explainer {
  /**
   * Why transactions score as they do, most suspicious group first, for each row. Exact Shapley
   * values of the groups while there is time for them; beyond, what the features of each group gain
   * one by one: about right, and a tenth of the work.
   */
  explain(rows: readonly Float32Array[]): Contribution[][];
}

export function createExplainer(
  scorer: Scorer,
  medianLegitimate: ArrayLike<number>,
  nowMs: () => number = () => performance.now(),
): Explainer {
  let left = EXACT_AT_ONCE;
  let filledMs = nowMs();

  /** Whether there is time for an exact one; then it is spent. */
  function affordsExact(): boolean {
    const now = nowMs();
    left = Math.min(EXACT_AT_ONCE, left + ((now - filledMs) / 1000) * EXACT_PER_SECOND);
    filledMs = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  }

  return {
    explain(rows) {
      const exact = rows.map((features) => (affordsExact() ? scorer.explain(features) : undefined));
      const others = rows.filter((_, at) => exact[at] === undefined);
      const gains = gainsOfEach(scorer, others, medianLegitimate)[Symbol.iterator]();
      return exact.map((found) => found ?? contributionsOf(gains.next().value as Float32Array));
    },
  };
}

/**
 * What each logit would lose if one feature alone were as in the median legitimate transaction, for
 * all rows in one pass. Features that are as in the median gain nothing and are left out.
 */
function gainsOfEach(
  scorer: Scorer,
  rows: readonly Float32Array[],
  median: ArrayLike<number>,
): Float32Array[] {
  const gains = rows.map(() => new Float32Array(FEATURE_COUNT));
  if (rows.length === 0) return gains;
  const changes = rows.flatMap((features, row) =>
    [...features.keys()]
      .filter((feature) => features[feature] !== median[feature])
      .map((feature) => ({ row, feature })),
  );
  const count = rows.length + changes.length;
  const values = new Float32Array(count * FEATURE_COUNT);
  for (const [at, features] of rows.entries()) values.set(features, at * FEATURE_COUNT);
  for (const [at, { row, feature }] of changes.entries()) {
    const start = (rows.length + at) * FEATURE_COUNT;
    values.set(rows[row] as Float32Array, start);
    values[start + feature] = median[feature] as number;
  }
  const logits = scorer.logits({ rows: count, columns: FEATURE_COUNT, values });
  for (const [at, { row, feature }] of changes.entries()) {
    const own = gains[row] as Float32Array;
    own[feature] = (logits[row] as number) - (logits[rows.length + at] as number);
  }
  return gains;
}

function contributionsOf(gains: Float32Array): Contribution[] {
  const gainOf = (feature: number): number => gains[feature] as number;
  const groups = FEATURE_GROUPS.map((group, at) => {
    const members = MEMBERS[at] as [number, ...number[]];
    const logit = members.reduce((sum, feature) => sum + gainOf(feature), 0);
    const feature = members.reduce((most, one) => (gainOf(one) > gainOf(most) ? one : most));
    return { group, logit, share: Math.max(0, logit), feature };
  });
  const suspicion = groups.reduce((sum, { share }) => sum + share, 0) || 1;
  return groups
    .map((one) => ({ ...one, share: one.share / suspicion }))
    .toSorted((a, b) => b.logit - a.logit);
}
