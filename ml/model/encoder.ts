import { assert } from '@florin/kernel';
import { createMatrix, type Matrix } from './matrix.ts';

/**
 * How one raw column becomes inputs of the network.
 * - keep: as it is (flags, numbers between 0 and 1)
 * - standard: mean 0 and deviation 1
 * - piecewise: one input per bin between quantiles of the training data. Bins below the value are
 *   1, bins above it 0, its own holds how far through the bin the value is. A heavy-tailed column
 *   so keeps its resolution where the data is, and each bin gets a slope of its own (Gorishniy,
 *   Rubachev, Babenko: On Embeddings for Numerical Features in Tabular Deep Learning, 2022).
 *   With `fraudBins` the quantiles of the frauds are edges too: there are so few of them that no
 *   quantile of all rows may lie where they do
 */
export type Encoding =
  { kind: 'keep' } | { kind: 'standard' } | { kind: 'piecewise'; bins: number; fraudBins?: number };

/** An encoding with what it learned from training data. Plain JSON, it belongs to the artefact. */
export type FittedColumn =
  | { kind: 'keep' }
  | { kind: 'standard'; mean: number; deviation: number }
  | { kind: 'piecewise'; edges: number[] };

export interface Encoder {
  columns: FittedColumn[];
}

/**
 * Learns means and quantiles from the rows of `training`; `encodings` has one entry per column.
 * `labels` (1 for fraud) are needed where an encoding asks for fraud bins.
 */
export function fitEncoder(
  training: Matrix,
  encodings: readonly Encoding[],
  labels?: Float32Array,
): Encoder {
  assert(encodings.length === training.columns, 'every column needs exactly one encoding');
  assert(training.rows > 0, 'an encoder needs rows to learn from');
  const columns = encodings.map((encoding, at) =>
    fitColumn(columnOf(training, at), encoding, labels),
  );
  return { columns };
}

/** How many inputs a row becomes. */
export function encodedWidth({ columns }: Encoder): number {
  return columns.reduce((width, column) => width + widthOf(column), 0);
}

/** For each input that a row becomes, the raw column that it is made of. */
export const sourcesOf = ({ columns }: Encoder): number[] =>
  columns.flatMap((column, at) => Array<number>(widthOf(column)).fill(at));

/** Turns raw rows into the network's inputs, with nothing learned from these rows. */
export function encode(encoder: Encoder, raw: Matrix): Matrix {
  assert(encoder.columns.length === raw.columns, 'the encoder was fitted on other columns');
  const encoded = createMatrix(raw.rows, encodedWidth(encoder));
  let offset = 0;
  for (const [at, column] of encoder.columns.entries()) {
    writeColumn(column, raw, at, encoded, offset);
    offset += widthOf(column);
  }
  return encoded;
}

function columnOf({ rows, columns, values }: Matrix, at: number): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => values[row * columns + at] as number);
}

function fitColumn(
  values: Float32Array,
  encoding: Encoding,
  labels: Float32Array | undefined,
): FittedColumn {
  switch (encoding.kind) {
    case 'keep':
      return { kind: 'keep' };
    case 'standard':
      return { kind: 'standard', ...meanAndDeviation(values) };
    case 'piecewise':
      return { kind: 'piecewise', edges: piecewiseEdges(values, encoding, labels) };
  }
}

/** A constant column gets deviation 1: it then encodes to 0 instead of dividing by nothing. */
function meanAndDeviation(values: Float32Array): { mean: number; deviation: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) || 1 };
}

/** Equal quantiles fall together, so that a column with few values gets few bins. */
function piecewiseEdges(
  values: Float32Array,
  { bins, fraudBins = 0 }: { bins: number; fraudBins?: number },
  labels: Float32Array | undefined,
): number[] {
  assert(bins >= 1, 'a piecewise encoding needs at least one bin');
  const edges = quantiles(values, bins);
  if (fraudBins > 0) {
    assert(labels?.length === values.length, 'fraud bins need a label for every row');
    edges.push(
      ...quantiles(
        values.filter((_, row) => labels[row] === 1),
        fraudBins,
      ),
    );
  }
  return [...new Set(edges)].toSorted((a, b) => a - b);
}

/** The values that part `values` into `parts` equal parts, the lowest and the highest included. */
function quantiles(values: Float32Array, parts: number): number[] {
  const sorted = values.toSorted();
  return Array.from(
    { length: sorted.length > 0 ? parts + 1 : 0 },
    (_, part) => sorted[Math.round((part * (sorted.length - 1)) / parts)] as number,
  );
}

/** A constant column has a single edge and says nothing: it keeps one input, which stays 0. */
function widthOf(column: FittedColumn): number {
  return column.kind === 'piecewise' ? Math.max(1, column.edges.length - 1) : 1;
}

function writeColumn(
  column: FittedColumn,
  raw: Matrix,
  at: number,
  encoded: Matrix,
  offset: number,
): void {
  for (let row = 0; row < raw.rows; row++) {
    const value = raw.values[row * raw.columns + at] as number;
    const target = row * encoded.columns + offset;
    if (column.kind === 'piecewise') writeBins(column.edges, value, encoded.values, target);
    else if (column.kind === 'keep') encoded.values[target] = value;
    else encoded.values[target] = (value - column.mean) / column.deviation;
  }
}

/** Values outside the training range end at 0 and 1: no input can leave what was seen. */
function writeBins(edges: number[], value: number, target: Float32Array, offset: number): void {
  for (let bin = 0; bin + 1 < edges.length; bin++) {
    const low = edges[bin] as number;
    if (value <= low) return;
    const high = edges[bin + 1] as number;
    target[offset + bin] = value >= high ? 1 : (value - low) / (high - low);
  }
}
