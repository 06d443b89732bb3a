import { FEATURE_COUNT, FEATURE_GROUPS, FEATURES } from '../features/mod.ts';
import { createNetwork, type Encoder, type Layer, type Layers } from '../model/mod.ts';
import { encodeInputs, featuresOfInputs } from './input-encoding.ts';

/** The group of each feature. */
export const GROUP_OF = FEATURES.map(({ group }) => FEATURE_GROUPS.indexOf(group));

const COALITIONS = 2 ** FEATURE_GROUPS.length;

export interface CoalitionLogits {
  /**
   * The logit of every mixture of a transaction and the baseline: in number c the groups whose bits
   * are set in c are as in the transaction, the others as in the baseline.
   */
  of(features: Float32Array): Float32Array;
  /** Frees the weights on the backend. */
  [Symbol.dispose](): void;
}

/**
 * A mixture's first layer is the baseline's plus what each of its groups changes there: 4,096 sums
 * of a dozen terms, instead of 4,096 rows that are encoded and multiplied. The layers above are one
 * pass of the network.
 */
export function createCoalitionLogits(
  layers: Layers,
  encoder: Encoder,
  baseline: Float32Array,
): CoalitionLogits {
  const [first, ...above] = layers as [Layer, ...Layer[]];
  const rest = above.length > 0 ? createNetwork(above) : undefined;
  const groups = featuresOfInputs(encoder).map((feature) => GROUP_OF[feature] as number);
  const encoded = (features: Float32Array): Float32Array =>
    encodeInputs(encoder, { rows: 1, columns: FEATURE_COUNT, values: features }).values;
  const base = encoded(baseline);
  const start = sumsOf(first, base);

  return {
    of: (features) => {
      const changes = changesOf(first, groups, base, encoded(features));
      const sums = mix(start, changes, first.units);
      if (!rest) return sums;
      rectify(sums);
      return rest.logits({ rows: COALITIONS, columns: first.units, values: sums });
    },
    [Symbol.dispose]: () => rest?.[Symbol.dispose](),
  };
}

/** What a layer's units sum up to for one row of inputs. */
function sumsOf({ units, weights, biases }: Layer, inputs: Float32Array): Float64Array {
  const sums = Float64Array.from(biases);
  for (const [input, value] of inputs.entries()) addScaled(sums, 0, weights, input, units, value);
  return sums;
}

/** For each group, how much its inputs move the units when they leave the baseline. */
function changesOf(
  { units, weights }: Layer,
  groups: readonly number[],
  base: Float32Array,
  inputs: Float32Array,
): Float64Array {
  const changes = new Float64Array(FEATURE_GROUPS.length * units);
  for (const [input, value] of inputs.entries()) {
    const change = value - (base[input] as number);
    const at = (groups[input] as number) * units;
    if (change !== 0) addScaled(changes, at, weights, input, units, change);
  }
  return changes;
}

function addScaled(
  sums: Float64Array,
  at: number,
  weights: Float32Array,
  input: number,
  units: number,
  value: number,
): void {
  for (let unit = 0; unit < units; unit++) {
    const own = at + unit;
    sums[own] = (sums[own] as number) + value * (weights[input * units + unit] as number);
  }
}

/** Half a million sums: a plain loop takes a tenth of what an iterator does. */
function rectify(sums: Float32Array): void {
  for (let at = 0; at < sums.length; at++) if ((sums[at] as number) < 0) sums[at] = 0;
}

/** Each coalition is a smaller one, known by then, and one more group. */
function mix(start: Float64Array, changes: Float64Array, units: number): Float32Array {
  const sums = new Float32Array(COALITIONS * units);
  sums.set(start);
  for (let coalition = 1; coalition < COALITIONS; coalition++) {
    const newest = 31 - Math.clz32(coalition);
    const smaller = (coalition ^ (1 << newest)) * units;
    const to = coalition * units;
    const from = newest * units;
    for (let unit = 0; unit < units; unit++) {
      sums[to + unit] = (sums[smaller + unit] as number) + (changes[from + unit] as number);
    }
  }
  return sums;
}
