/** A table of numbers: `values` holds row after row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** A table of zeros. */
export function createMatrix(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float32Array(rows * columns) };
}

/** The rows named by `indices`, in that order, as a table of their own. */
export function selectRows(matrix: Matrix, indices: ArrayLike<number>): Matrix {
  const selected = createMatrix(indices.length, matrix.columns);
  copyRows(matrix, indices, selected.values);
  return selected;
}

/** A view of one row. */
export const rowOf = ({ columns, values }: Matrix, row: number): Float32Array =>
  values.subarray(row * columns, (row + 1) * columns);

/** Writes the rows named by `indices` one after the other to the beginning of `target`. */
export function copyRows(
  { columns, values }: Matrix,
  indices: ArrayLike<number>,
  target: Float32Array,
): void {
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] as number) * columns;
    target.set(values.subarray(from, from + columns), i * columns);
  }
}
