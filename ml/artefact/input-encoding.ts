import { F, FEATURE_COUNT, transformFeatures, type FeatureName } from '../features/mod.ts';
import {
  createMatrix,
  encode,
  fitEncoder,
  sourcesOf,
  type Encoder,
  type Encoding,
  type Matrix,
} from '../model/mod.ts';

/**
 * Features that spread over orders of magnitude. Each enters twice: standardised, which keeps its
 * far tail, and in bins, which resolve where most transactions are. All others are flags, shares
 * and logarithms of small counts, and enter as they are: most are rare, so that a deviation learned
 * from few rows would blow them up.
 */
const BROAD: readonly FeatureName[] = [
  'amount',
  'balanceShare',
  'attempts24h',
  'attempts7d',
  'spent1h',
  'spent24h',
  'spent7d',
  'spent30d',
  'sinceLast',
  'overMean',
  'deviation',
  'overLargest',
  'dayOverUsual',
  'hourFamiliar',
  'age',
  'dormant',
  'sinceCredentials',
  'lifetime',
  'known',
  'payments',
  'overPayeeMean',
  'payeeAge',
  'payeeSenders7d',
  'payeeReceived24h',
  'received24h',
  'sinceCredit',
  'deviceKnown',
  'addressWallets',
];
const BROAD_INDICES = BROAD.map((name) => F[name]);
const BINS = 8;

const ENCODINGS: readonly Encoding[] = [
  ...Array.from({ length: FEATURE_COUNT }, (_, feature): Encoding =>
    BROAD_INDICES.includes(feature) ? { kind: 'standard' } : { kind: 'keep' },
  ),
  ...BROAD.map((): Encoding => ({ kind: 'piecewise', bins: BINS })),
];

/** Learns how features (in their units) become inputs of a network. */
export const fitInputs = (features: Matrix): Encoder => fitEncoder(spread(features), ENCODINGS);

/** Features in their units as inputs of the network. */
export const encodeInputs = (encoder: Encoder, features: Matrix): Matrix =>
  encode(encoder, spread(features));

/** The feature that each of the network's inputs is made of. */
export const featuresOfInputs = (encoder: Encoder): number[] =>
  sourcesOf(encoder).map((column) =>
    column < FEATURE_COUNT ? column : (BROAD_INDICES[column - FEATURE_COUNT] as number),
  );

/** Transformed features, followed by the broad ones once more. */
function spread({ rows, values }: Matrix): Matrix {
  const spreadOut = createMatrix(rows, FEATURE_COUNT + BROAD.length);
  const transformed = transformFeatures(values.slice());
  for (let row = 0; row < rows; row++) {
    const from = row * FEATURE_COUNT;
    const to = row * spreadOut.columns;
    spreadOut.values.set(transformed.subarray(from, from + FEATURE_COUNT), to);
    for (const [at, feature] of BROAD_INDICES.entries()) {
      spreadOut.values[to + FEATURE_COUNT + at] = transformed[from + feature] as number;
    }
  }
  return spreadOut;
}
