import { assert } from '@florin/kernel';
import { createMatrix, type Matrix } from './matrix.ts';

/**
 * How one raw column becomes inputs of the network.
 * - keep: as it is (flags, numbers between 0 and 1)
 * - standard: mean 0 and deviation 1
 * - piecewise: one input per bin between quantiles of the training data. Bins below the value are
 *   1, bins above it 0, its own holds how far through the bin the value is. A heavy-tailed column
 *   so keeps its resolution where the data is, and each bin gets a slope of its own (Gorishniy,
 *   Rubachev, Babenko: On Embeddings for Numerical Features in Tabular Deep Learning, 2022)
 */
export type Encoding =
  { kind: 'keep' } | { kind: 'standard' } | { kind: 'piecewise'; bins: number };

/** An encoding with what it learned from training data. Plain JSON, it belongs to the artefact. */
export type FittedColumn =
  | { kind: 'keep' }
  | { kind: 'standard'; mean: number; deviation: number }
  | { kind: 'piecewise'; edges: number[] };

export interface Encoder {
  columns: FittedColumn[];
}

/** Learns means and quantiles from the rows of `training`; `encodings` has one entry per column. */
export function fitEncoder(training: Matrix, encodings: readonly Encoding[]): Encoder {
  assert(encodings.length === training.columns, 'every column needs exactly one encoding');
  assert(training.rows > 0, 'an encoder needs rows to learn from');
  return { columns: encodings.map((encoding, at) => fitColumn(columnOf(training, at), encoding)) };
}

/** How many inputs a row becomes. */
export function encodedWidth({ columns }: Encoder): number {
  return columns.reduce((width, column) => width + widthOf(column), 0);
}

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

function fitColumn(values: Float32Array, encoding: Encoding): FittedColumn {
  switch (encoding.kind) {
    case 'keep':
      return { kind: 'keep' };
    case 'standard':
      return { kind: 'standard', ...meanAndDeviation(values) };
    case 'piecewise':
      return { kind: 'piecewise', edges: quantileEdges(values, encoding.bins) };
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
function quantileEdges(values: Float32Array, bins: number): number[] {
  assert(bins >= 1, 'a piecewise encoding needs at least one bin');
  const sorted = values.toSorted();
  const edges = Array.from(
    { length: bins + 1 },
    (_, bin) => sorted[Math.round((bin * (sorted.length - 1)) / bins)] as number,
  );
  return [...new Set(edges)];
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
