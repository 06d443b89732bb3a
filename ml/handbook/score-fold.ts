import { averageLogits, encode, fitEncoder, trainNetwork, type Matrix } from '../model/mod.ts';
import type { BookTable } from './book-inputs.ts';
import { derivedColumns, ENCODINGS } from './derived-columns.ts';
import type { Fold } from './fold.ts';

/** Chosen on the validation weeks: README.md beside this file says what was tried. */
const SETTINGS = {
  hidden: [64, 32],
  epochs: 6,
  batchSize: 512,
  learningRate: 0.005,
  weightDecay: 0.01,
};
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

/**
 * Learns from the fold's training rows and returns a logit for each test row: the average of
 * networks that differ in their seed alone. Labels of test rows are not looked at.
 */
export function scoreFold(table: BookTable, frauds: Int32Array, fold: Fold): Float32Array {
  const labels = Float32Array.from(fold.training, (row) => frauds[row] as number);
  const raw = derivedColumns(table, fold.training);
  const encoder = fitEncoder(raw, ENCODINGS, labels);
  const training = { inputs: encode(encoder, raw), labels };
  const test = encode(encoder, derivedColumns(table, fold.test));
  return averageLogits(SEEDS.map((seed) => scoreWith(seed, training, test)));
}

function scoreWith(
  seed: number,
  training: { inputs: Matrix; labels: Float32Array },
  test: Matrix,
): Float32Array {
  using network = trainNetwork({ ...SETTINGS, training, seed });
  return network.logits(test);
}
