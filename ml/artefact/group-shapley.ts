import { assert } from '@florin/kernel';

/** Logits of rows of raw features, which lie one after the other. */
export type Logits = (rows: Float32Array, count: number) => Float32Array;

const GROUPS_MAX = 12;

/**
 * What each group of features adds to a transaction's logit, against a baseline (the median
 * legitimate transaction): exact Shapley values over all 2^groups mixtures of the two, which one
 * pass scores together. They sum to logit(values) − logit(baseline).
 *
 * Source: Shapley (1953); weight of a coalition S without group i: |S|! (n − |S| − 1)! / n!
 * @param groupOf the group of each feature, 0 to groups − 1
 */
export function groupShapley(
  logits: Logits,
  values: Float32Array,
  baseline: Float32Array,
  groupOf: ArrayLike<number>,
  groups: number,
): Float64Array {
  assert(groups >= 1 && groups <= GROUPS_MAX, `exact values are for up to ${GROUPS_MAX} groups`);
  const coalitions = 2 ** groups;
  const scored = logits(mixtures(values, baseline, groupOf, coalitions), coalitions);
  const weights = coalitionWeights(groups);
  const contributions = new Float64Array(groups);
  for (let coalition = 0; coalition < coalitions; coalition++) {
    const weight = weights[bitsIn(coalition)] as number;
    for (let group = 0; group < groups; group++) {
      const joined = coalition | (1 << group);
      if (joined === coalition) continue;
      const gain = (scored[joined] as number) - (scored[coalition] as number);
      contributions[group] = (contributions[group] as number) + weight * gain;
    }
  }
  return contributions;
}

/** One row per coalition: its groups' features are the transaction's, the others the baseline's. */
function mixtures(
  values: Float32Array,
  baseline: Float32Array,
  groupOf: ArrayLike<number>,
  coalitions: number,
): Float32Array {
  const width = values.length;
  const rows = new Float32Array(coalitions * width);
  for (let coalition = 0; coalition < coalitions; coalition++) {
    for (let feature = 0; feature < width; feature++) {
      const own = (coalition >> (groupOf[feature] as number)) & 1;
      rows[coalition * width + feature] = (own ? values : baseline)[feature] as number;
    }
  }
  return rows;
}

/** By size of the coalition. Factorials up to 12! are exact. */
function coalitionWeights(groups: number): Float64Array {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Float64Array.from(
    { length: groups },
    (_, size) => (factorial(size) * factorial(groups - size - 1)) / factorial(groups),
  );
}

function bitsIn(coalition: number): number {
  let bits = 0;
  for (let rest = coalition; rest > 0; rest &= rest - 1) bits += 1;
  return bits;
}
