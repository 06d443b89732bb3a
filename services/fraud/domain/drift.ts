/**
 * How far what is seen has moved from what a model was trained on: the population stability index,
 * Σ (seen − expected) · ln(seen / expected) over parts of the range. 0.1 is worth a look, 0.25 says
 * that the model should be trained anew.
 */

/** The edges between ten equal parts of the training data, each once, and what lies up to them. */
export interface Reference {
  edges: readonly number[];
  /** Share of the training data at or below each edge: somewhere from `low` to `high`. */
  low: readonly number[];
  high: readonly number[];
}

const PARTS = 10;
/** Nothing is ever quite absent: an empty part would make the index infinite. */
const SHARE_MIN = 0.0001;

/**
 * Many features are mostly zero, so that several of the nine edges are the same. How much then lies
 * at that value is only known to a tenth.
 */
export function referenceOf(deciles: readonly number[]): Reference {
  const edges = [...new Set(deciles)];
  const low = edges.map((edge) => (deciles.lastIndexOf(edge) + 1) / PARTS);
  const high = edges.map((edge, at) => {
    const isRepeated = deciles.indexOf(edge) !== deciles.lastIndexOf(edge);
    return (low[at] as number) + (isRepeated ? 1 / PARTS : 0);
  });
  return { edges, low, high };
}

/** The part that a value lies in, 0 to the number of edges. */
export function partOf({ edges }: Reference, value: number): number {
  let part = 0;
  while (part < edges.length && value > (edges[part] as number)) part += 1;
  return part;
}

/** @param counts how often each part was seen */
export function stabilityIndex({ edges, low, high }: Reference, counts: ArrayLike<number>): number {
  let total = 0;
  for (let part = 0; part <= edges.length; part++) total += counts[part] ?? 0;
  if (total === 0) return 0;
  let index = 0;
  let seenBefore = 0;
  let expectedBefore = 0;
  for (let part = 0; part <= edges.length; part++) {
    const seenUpTo = seenBefore + (counts[part] ?? 0) / total;
    // Where the training data leaves it open, what is seen gets the benefit of the doubt.
    const expectedUpTo =
      part === edges.length
        ? 1
        : Math.min(high[part] as number, Math.max(low[part] as number, seenUpTo));
    const seen = Math.max(seenUpTo - seenBefore, SHARE_MIN);
    const expected = Math.max(expectedUpTo - expectedBefore, SHARE_MIN);
    index += (seen - expected) * Math.log(seen / expected);
    seenBefore = seenUpTo;
    expectedBefore = expectedUpTo;
  }
  return index;
}
