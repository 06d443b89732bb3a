import { averageLogits, encode, fitEncoder, trainNetwork, type Matrix } from '../model/mod.ts';
import type { BookTable } from './book-inputs.ts';
import { derivedColumns, encodings, partsOf } from './derived-columns.ts';
import type { Fold } from './fold.ts';

/** Chosen on the validation weeks: README.md beside this file says what was tried. */
const SETTINGS = {
  hidden: [64, 32],
  epochs: 6,
  batchSize: 512,
  learningRate: 0.005,
  weightDecay: 0.01,
};
/** Networks that err in different ways: what they agree on is more often right. */
const KINDS = [
  { sideBySide: true, fraudBins: 24 },
  { sideBySide: false, fraudBins: 48 },
];
const SEEDS = [1, 2, 3];

/**
 * Learns from the fold's training rows and returns a logit for each test row: the average of the
 * networks of every kind and seed. Labels of test rows are not looked at.
 */
export function scoreFold(table: BookTable, frauds: Int32Array, fold: Fold): Float32Array {
  const labels = Float32Array.from(fold.training, (row) => frauds[row] as number);
  const training = derivedColumns(table, fold.training);
  const test = derivedColumns(table, fold.test);
  return averageLogits(KINDS.flatMap((kind) => logitsOf(kind, { training, labels, test })));
}

/** One row of logits for each seed. */
function logitsOf(
  { sideBySide, fraudBins }: (typeof KINDS)[number],
  { training, labels, test }: { training: Matrix; labels: Float32Array; test: Matrix },
): Float32Array[] {
  const encoder = fitEncoder(training, encodings(fraudBins), labels);
  const inputs = encode(encoder, training);
  const encodedTest = encode(encoder, test);
  const options = {
    ...SETTINGS,
    training: { inputs, labels },
    ...(sideBySide && { parts: partsOf(encoder) }),
  };
  return SEEDS.map((seed) => {
    using network = trainNetwork({ ...options, seed });
    return network.logits(encodedTest);
  });
}
