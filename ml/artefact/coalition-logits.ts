import { FEATURE_COUNT, FEATURE_GROUPS, FEATURES } from '../features/mod.ts';
import { createNetwork, type Encoder, type Layer, type Layers } from '../model/mod.ts';
import { encodeInputs, featuresOfInputs } from './input-encoding.ts';

/** The group of each feature. */
export const GROUP_OF = FEATURES.map(({ group }) => FEATURE_GROUPS.indexOf(group));

const GROUPS = FEATURE_GROUPS.length;

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
 * A mixture's first layer is the baseline's plus what each of its groups changes there: up to 4,096
 * sums of a dozen terms, instead of 4,096 rows that are encoded and multiplied. The layers above
 * are one pass of the network. A group that is as in the baseline changes nothing and halves their
 * number.
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

  function logitsOf(sums: Float32Array): Float32Array {
    if (!rest) return sums;
    rectify(sums);
    return rest.logits({ rows: sums.length / first.units, columns: first.units, values: sums });
  }

  return {
    of: (features) => {
      const changes = changesOf(first, groups, base, encoded(features));
      return spread(logitsOf(mix(start, [...changes.values()])), [...changes.keys()]);
    },
    [Symbol.dispose]: () => rest?.[Symbol.dispose](),
  };
}

/** What a layer's units sum up to for one row of inputs. */
function sumsOf({ weights, biases }: Layer, inputs: Float32Array): Float64Array {
  const sums = Float64Array.from(biases);
  for (const [input, value] of inputs.entries()) addScaled(sums, weights, input, value);
  return sums;
}

/** How much the inputs of each group that left the baseline move the units. */
function changesOf(
  { units, weights }: Layer,
  groups: readonly number[],
  base: Float32Array,
  inputs: Float32Array,
): Map<number, Float64Array> {
  const changes = new Map<number, Float64Array>();
  for (const [input, value] of inputs.entries()) {
    const change = value - (base[input] as number);
    if (change === 0) continue;
    const group = groups[input] as number;
    const own = changes.get(group) ?? new Float64Array(units);
    addScaled(own, weights, input, change);
    changes.set(group, own);
  }
  return changes;
}

function addScaled(sums: Float64Array, weights: Float32Array, input: number, value: number): void {
  const from = input * sums.length;
  for (let unit = 0; unit < sums.length; unit++) {
    sums[unit] = (sums[unit] as number) + value * (weights[from + unit] as number);
  }
}

/** Half a million sums: a plain loop takes a tenth of what an iterator does. */
function rectify(sums: Float32Array): void {
  for (let at = 0; at < sums.length; at++) if ((sums[at] as number) < 0) sums[at] = 0;
}

/** Of all coalitions of the changes: each is a smaller one, known by then, and one more change. */
function mix(start: Float64Array, changes: readonly Float64Array[]): Float32Array {
  const units = start.length;
  const sums = new Float32Array(2 ** changes.length * units);
  sums.set(start);
  for (const [newest, change] of changes.entries()) {
    const known = 2 ** newest * units;
    for (let at = 0; at < known; at++) {
      sums[known + at] = (sums[at] as number) + (change[at % units] as number);
    }
  }
  return sums;
}

/** From coalitions of the groups that changed to those of all: the others make no difference. */
function spread(logits: Float32Array, changed: readonly number[]): Float32Array {
  return Float32Array.from({ length: 2 ** GROUPS }, (_, coalition) => {
    let among = 0;
    for (const [bit, group] of changed.entries()) among |= ((coalition >> group) & 1) << bit;
    return logits[among] as number;
  });
}
