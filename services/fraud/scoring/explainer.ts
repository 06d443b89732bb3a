import { encodeInputs, type Artefact, type Contribution, type Scorer } from '@florin/ml/artefact';
import { FEATURE_COUNT, FEATURE_GROUPS, FEATURES } from '@florin/ml/features';
import { createNetwork, type Layer } from '@florin/ml/model';
import { assert } from '@florin/kernel';

const GROUPS = FEATURE_GROUPS.length;
const GROUP_OF = FEATURES.map(({ group }) => FEATURE_GROUPS.indexOf(group));
const MEMBERS = FEATURE_GROUPS.map((group) =>
  FEATURES.flatMap((feature, index) => (feature.group === group ? [index] : [])),
);

/**
 * Mixtures that exact explanations may score: so many at once, some 20 ms, and so many in a second,
 * a seventh of it. Orders behind a flood of suspicious ones must not wait for its explanations.
 */
const MIXTURES_AT_ONCE = 8_192;
const MIXTURES_PER_MS = 50;

export interface Explainer {
  /**
   * Why transactions score as they do, most suspicious group first, for each row. Exact Shapley
   * values of the groups while there is time for them; beyond, what each group's features gain
   * one by one, which is about right and costs a hundredth.
   */
  explain(rows: readonly Float32Array[]): Contribution[][];
  [Symbol.dispose](): void;
}

/**
 * Exact explanations at a tenth of the price of scoring every mixture from its features: inputs of a
 * group are encoded and sent through the first layer once, and the mixtures are sums of those. A
 * group in which a transaction is like the median legitimate one has no part in any mixture: each
 * such group halves their number.
 */
export function createExplainer(
  { manifest, layers }: Artefact,
  scorer: Scorer,
  nowMs: () => number = () => performance.now(),
): Explainer {
  const [first, ...rest] = layers as [Layer, ...Layer[]];
  assert(rest.length > 0, 'a network to be explained has a hidden layer');
  const { units } = first;
  const upper = createNetwork(rest);
  const median = Float32Array.from(manifest.medianLegitimate);
  const baseline = encode([median])[0] as Float32Array;
  const base = Float32Array.from(first.biases);
  addThroughFirst(base, baseline, undefined);
  let left = MIXTURES_AT_ONCE;
  let filledMs = nowMs();

  /** Whether there is time for so many mixtures; then it is spent. */
  function affords(mixtures: number): boolean {
    const now = nowMs();
    left = Math.min(MIXTURES_AT_ONCE, left + (now - filledMs) * MIXTURES_PER_MS);
    filledMs = now;
    if (mixtures > left) return false;
    left -= mixtures;
    return true;
  }

  function encode(rows: readonly Float32Array[]): Float32Array[] {
    const values = new Float32Array(rows.length * FEATURE_COUNT);
    for (const [at, row] of rows.entries()) values.set(row, at * FEATURE_COUNT);
    const encoded = encodeInputs(manifest.encoder, {
      rows: rows.length,
      columns: FEATURE_COUNT,
      values,
    });
    const { columns } = encoded;
    return rows.map((_, at) => encoded.values.subarray(at * columns, (at + 1) * columns));
  }

  /** Adds (inputs − without) × weights to `sums`. */
  function addThroughFirst(
    sums: Float32Array,
    inputs: Float32Array,
    without: Float32Array | undefined,
  ): void {
    for (let input = 0; input < inputs.length; input++) {
      const value = (inputs[input] as number) - (without?.[input] ?? 0);
      if (value === 0) continue;
      const from = input * units;
      for (let unit = 0; unit < units; unit++) {
        sums[unit] = (sums[unit] as number) + value * (first.weights[from + unit] as number);
      }
    }
  }

  /** The groups in which a transaction differs from the median legitimate one. */
  const activeGroups = (features: Float32Array): number[] =>
    MEMBERS.flatMap((members, group) =>
      members.some((feature) => features[feature] !== median[feature]) ? [group] : [],
    );

  /** What each active group adds to the first layer's sums. */
  function partsOf(features: Float32Array, active: readonly number[]): Float32Array[] {
    const mixed = active.map((group) => {
      const row = median.slice();
      for (const feature of MEMBERS[group] ?? []) row[feature] = features[feature] as number;
      return row;
    });
    return encode(mixed).map((inputs) => {
      const part = new Float32Array(units);
      addThroughFirst(part, inputs, baseline);
      return part;
    });
  }

  /** Logits of all mixtures: bit g of a row's number says whose values group g has. */
  function logitsOfMixtures(parts: readonly Float32Array[]): Float32Array {
    const rows = 2 ** parts.length;
    const values = new Float32Array(rows * units);
    values.set(base);
    for (let row = 1; row < rows; row++) {
      const lowest = 31 - Math.clz32(row & -row);
      const part = parts[lowest] as Float32Array;
      const from = (row & (row - 1)) * units;
      const to = row * units;
      for (let unit = 0; unit < units; unit++) {
        values[to + unit] = (values[from + unit] as number) + (part[unit] as number);
      }
    }
    for (let at = 0; at < values.length; at++) if ((values[at] as number) < 0) values[at] = 0;
    return upper.logits({ rows, columns: units, values });
  }

  function exact(features: Float32Array, active: readonly number[]): Float64Array {
    const logits = logitsOfMixtures(partsOf(features, active));
    const weights = coalitionWeights(active.length);
    const shapley = new Float64Array(GROUPS);
    for (let coalition = 0; coalition < logits.length; coalition++) {
      const weight = weights[bitsIn(coalition)] as number;
      for (const [bit, group] of active.entries()) {
        const joined = coalition | (1 << bit);
        if (joined === coalition) continue;
        const gain = (logits[joined] as number) - (logits[coalition] as number);
        shapley[group] = (shapley[group] as number) + weight * gain;
      }
    }
    return shapley;
  }

  /** What the logits would lose if one feature alone were as in the median legitimate one. */
  function gainsOfEach(rows: readonly Float32Array[]): Float32Array[] {
    const changes = rows.flatMap((features, row) =>
      [...features.keys()]
        .filter((feature) => features[feature] !== median[feature])
        .map((feature) => ({ row, feature })),
    );
    const count = changes.length + rows.length;
    const values = new Float32Array(count * FEATURE_COUNT);
    for (const [at, features] of rows.entries()) values.set(features, at * FEATURE_COUNT);
    for (const [at, { row, feature }] of changes.entries()) {
      const start = (rows.length + at) * FEATURE_COUNT;
      values.set(rows[row] as Float32Array, start);
      values[start + feature] = median[feature] as number;
    }
    const logits = scorer.logits({ rows: count, columns: FEATURE_COUNT, values });
    const gains = rows.map(() => new Float32Array(FEATURE_COUNT));
    for (const [at, { row, feature }] of changes.entries()) {
      const own = gains[row] as Float32Array;
      own[feature] = (logits[row] as number) - (logits[rows.length + at] as number);
    }
    return gains;
  }

  return {
    explain(rows) {
      if (rows.length === 0) return [];
      const gains = gainsOfEach(rows);
      return rows.map((features, at) => {
        const own = gains[at] as Float32Array;
        const active = activeGroups(features);
        const isExact = affords(2 ** active.length);
        const parts = isExact ? exact(features, active) : sumsByGroup(own);
        return contributionsOf(parts, own);
      });
    },
    [Symbol.dispose]: () => upper[Symbol.dispose](),
  };
}

function sumsByGroup(gains: Float32Array): Float64Array {
  const sums = new Float64Array(GROUPS);
  for (const [feature, group] of GROUP_OF.entries()) {
    sums[group] = (sums[group] as number) + (gains[feature] as number);
  }
  return sums;
}

function contributionsOf(parts: Float64Array, gains: Float32Array): Contribution[] {
  const suspicion = parts.reduce((sum, part) => sum + Math.max(0, part), 0);
  return FEATURE_GROUPS.map((group, at) => {
    const logit = parts[at] as number;
    const share = suspicion > 0 ? Math.max(0, logit) / suspicion : 0;
    const members = MEMBERS[at] as [number, ...number[]];
    const feature = members.reduce((strongest, one) =>
      (gains[one] as number) > (gains[strongest] as number) ? one : strongest,
    );
    return { group, logit, share, feature };
  }).toSorted((a, b) => b.logit - a.logit);
}

/** Of a coalition without the group at hand, by its size. Source: Shapley (1953). */
function coalitionWeights(groups: number): Float64Array {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Float64Array.from(
    { length: groups },
    (_, size) => (factorial(size) * factorial(groups - size - 1)) / factorial(groups),
  );
}

function bitsIn(coalition: number): number {
  let bits = 0;
  for (let left = coalition; left > 0; left &= left - 1) bits += 1;
  return bits;
}
