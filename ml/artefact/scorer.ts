import { FEATURE_COUNT, FEATURE_GROUPS, type FeatureGroup } from '../features/mod.ts';
import { calibrate, createNetwork, type Matrix } from '../model/mod.ts';
import type { Artefact } from './artefact.ts';
import { createCoalitionLogits, GROUP_OF, type CoalitionLogits } from './coalition-logits.ts';
import { groupShapley } from './group-shapley.ts';
import { encodeInputs } from './input-encoding.ts';

/** How much one group of features speaks for fraud. */
export interface Contribution {
  group: FeatureGroup;
  /** Of the logit: positive speaks for fraud. All groups add up to the difference of logits. */
  logit: number;
  /** Its part of all that speaks for fraud, 0 to 1. */
  share: number;
  /** The feature of the group that alone moves the logit most. */
  feature: number;
}

export interface Scorer {
  /** One logit per row of features, in the units of the table. */
  logits(features: Matrix): Float32Array;
  /** Calibrated probabilities of fraud. */
  probabilities(features: Matrix): Float32Array;
  /** Why a transaction scores as it does, most suspicious group first. Some milliseconds. */
  explain(features: Float32Array): Contribution[];
  /** Frees the weights on the backend. */
  [Symbol.dispose](): void;
}

/**
 * Puts a model on the backend that was started last. Any number of scorers share a backend, so that
 * challengers score in the same process as the model that decides.
 */
export function createScorer({ manifest, layers }: Artefact): Scorer {
  const network = createNetwork(layers);
  const median = Float32Array.from(manifest.medianLegitimate);
  const coalitions = createCoalitionLogits(layers, manifest.encoder, median);
  const logits = (features: Matrix): Float32Array =>
    network.logits(encodeInputs(manifest.encoder, features));
  const logitsOfRows = (values: Float32Array, rows: number): Float32Array =>
    logits({ rows, columns: FEATURE_COUNT, values });

  return {
    logits,
    probabilities: (features) => calibrate(manifest.calibration, logits(features)),
    explain: (features) =>
      contributionsOf(coalitions, gainOfEach(logitsOfRows, features, median), features),
    [Symbol.dispose]: () => {
      network[Symbol.dispose]();
      coalitions[Symbol.dispose]();
    },
  };
}

function contributionsOf(
  coalitions: CoalitionLogits,
  gains: Float32Array,
  features: Float32Array,
): Contribution[] {
  const parts = groupShapley(coalitions.of(features), FEATURE_GROUPS.length);
  const suspicion = parts.reduce((sum, part) => sum + Math.max(0, part), 0);
  return FEATURE_GROUPS.map((group, at) => {
    const logit = parts[at] as number;
    const share = suspicion > 0 ? Math.max(0, logit) / suspicion : 0;
    return { group, logit, share, feature: strongestOf(at, gains) };
  }).toSorted((a, b) => b.logit - a.logit);
}

/** What the logit would lose if one feature alone were as in the median legitimate transaction. */
function gainOfEach(
  logits: (values: Float32Array, rows: number) => Float32Array,
  features: Float32Array,
  median: Float32Array,
): Float32Array {
  const rows = new Float32Array((FEATURE_COUNT + 1) * FEATURE_COUNT);
  for (let row = 0; row <= FEATURE_COUNT; row++) {
    rows.set(features, row * FEATURE_COUNT);
    if (row < FEATURE_COUNT) rows[row * FEATURE_COUNT + row] = median[row] as number;
  }
  const scored = logits(rows, FEATURE_COUNT + 1);
  const whole = scored[FEATURE_COUNT] as number;
  return scored.subarray(0, FEATURE_COUNT).map((without) => whole - without);
}

function strongestOf(group: number, gains: Float32Array): number {
  let strongest = GROUP_OF.indexOf(group);
  for (const [feature, own] of GROUP_OF.entries()) {
    const gain = gains[feature] as number;
    if (own === group && gain > (gains[strongest] as number)) strongest = feature;
  }
  return strongest;
}
