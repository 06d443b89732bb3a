import { assert } from '@florin/kernel';

const GROUPS_MAX = 12;

/**
 * What each group of features adds to a transaction's logit, against a baseline (the median
 * legitimate transaction): exact Shapley values over all 2^groups mixtures of the two. They sum to
 * the logit of the transaction minus that of the baseline.
 *
 * Source: Shapley (1953); weight of a coalition S without group i: |S|! (n − |S| − 1)! / n!
 * @param logits of each mixture: bit g of its number says that group g is the transaction's
 */
export function groupShapley(logits: Float32Array, groups: number): Float64Array {
  assert(groups >= 1 && groups <= GROUPS_MAX, `exact values are for up to ${GROUPS_MAX} groups`);
  const coalitions = 2 ** groups;
  assert(logits.length === coalitions, 'every mixture needs a logit');
  const weights = coalitionWeights(groups);
  const contributions = new Float64Array(groups);
  for (let coalition = 0; coalition < coalitions; coalition++) {
    const weight = weights[bitsIn(coalition)] as number;
    for (let group = 0; group < groups; group++) {
      const joined = coalition | (1 << group);
      if (joined === coalition) continue;
      const gain = (logits[joined] as number) - (logits[coalition] as number);
      contributions[group] = (contributions[group] as number) + weight * gain;
    }
  }
  return contributions;
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
