/** Reading and changing cells of a typed array whose bounds our own layouts guarantee. */
export const at = (cells: Float64Array | Float32Array, index: number): number =>
  cells[index] as number;

export function add(cells: Float64Array, index: number, amount: number): void {
  cells[index] = (cells[index] as number) + amount;
}

export function lower(cells: Float64Array, index: number, to: number): void {
  if (to < (cells[index] as number)) cells[index] = to;
}

export function raise(cells: Float64Array, index: number, to: number): void {
  if (to > (cells[index] as number)) cells[index] = to;
}
