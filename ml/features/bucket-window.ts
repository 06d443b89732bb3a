import { add, at } from './cells.ts';

/**
 * A sliding window inside a profile's row: `buckets` buckets of `widthMs`, each with one cell per
 * series. `head` holds the number of the newest bucket (event time / width), bucket k lies at
 * k mod `buckets`. The window reaches back between buckets − 1 and buckets widths. Values are
 * integers (counts, cents), so that sums are exact and don't depend on the order of events.
 */
export interface BucketWindow {
  readonly head: number;
  readonly start: number;
  readonly widthMs: number;
  readonly buckets: number;
  readonly series: number;
}

/** The cells that a window needs in a row. */
export const cellsOf = (buckets: number, series: number): number => 1 + buckets * series;

const cellAt = (window: BucketWindow, bucket: number, series: number): number =>
  window.start + (bucket % window.buckets) * window.series + series;

/** Makes room up to the bucket of `now` by clearing those that fell out of the window. */
function advance(row: Float64Array, window: BucketWindow, bucket: number): void {
  const head = at(row, window.head);
  if (bucket <= head) return;
  const first = Math.max(head + 1, bucket - window.buckets + 1);
  for (let k = first; k <= bucket; k++) {
    const cell = cellAt(window, k, 0);
    row.fill(0, cell, cell + window.series);
  }
  row[window.head] = bucket;
}

/** Adds to the bucket of `now`. An event that comes too late for the window is left out. */
export function addToWindow(
  row: Float64Array,
  window: BucketWindow,
  series: number,
  now: number,
  amount: number,
): void {
  const bucket = Math.floor(now / window.widthMs);
  advance(row, window, bucket);
  if (bucket > at(row, window.head) - window.buckets) {
    add(row, cellAt(window, bucket, series), amount);
  }
}

/**
 * Counts something at its newest use only: it leaves the bucket of its use before (0 = none) and
 * enters that of `now`. The sum over the window is then the number of distinct things in it.
 */
export function moveInWindow(
  row: Float64Array,
  window: BucketWindow,
  series: number,
  before: number,
  now: number,
): void {
  addToWindow(row, window, series, now, 1);
  const bucket = Math.floor(before / window.widthMs);
  if (before > 0 && bucket > at(row, window.head) - window.buckets) {
    add(row, cellAt(window, bucket, series), -1);
  }
}

/** The sum of a series over the window that ends at `now`. Reads only. */
export function sumOfWindow(
  row: Float64Array,
  window: BucketWindow,
  series: number,
  now: number,
): number {
  const bucket = Math.floor(now / window.widthMs);
  const head = at(row, window.head);
  const first = Math.max(bucket, head) - window.buckets + 1;
  let sum = 0;
  for (let k = Math.max(first, 0); k <= bucket && k <= head; k++) {
    sum += at(row, cellAt(window, k, series));
  }
  return sum;
}
