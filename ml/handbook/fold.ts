import { SECONDS_PER_DAY, type Transactions } from './transactions.ts';

const TRAINING_DAYS = 7;
const DELAY_DAYS = 7;
const TEST_DAYS = 7;

/** The rows that a model learns from, and those that judge it. */
export interface Fold {
  training: Uint32Array;
  test: Uint32Array;
}

/**
 * The book's protocol: a week to learn from beginning on `firstDay`, a week in which labels arrive,
 * a week of test. A test day leaves out the cards known to be compromised by then: those with a
 * fraud in the training week or on any day at least eight days before.
 * @throws Error when the data ends before the test week does
 */
export function foldFrom(transactions: Transactions, firstDay: number): Fold {
  const { customers, frauds } = transactions;
  const testFrom = firstDay + TRAINING_DAYS + DELAY_DAYS;
  const training = rowsOfDays(transactions, firstDay, TRAINING_DAYS);
  const known = new Set<number>();
  const learnOf = (rows: Uint32Array): void => {
    for (const row of rows) if (frauds[row] === 1) known.add(customers[row] as number);
  };
  learnOf(training);
  const test: number[] = [];
  for (let day = testFrom; day < testFrom + TEST_DAYS; day++) {
    learnOf(rowsOfDays(transactions, day - DELAY_DAYS - 1, 1));
    const rows = rowsOfDays(transactions, day, 1);
    test.push(...rows.filter((row) => !known.has(customers[row] as number)));
  }
  return { training, test: Uint32Array.from(test) };
}

function rowsOfDays({ seconds, rows }: Transactions, firstDay: number, days: number): Uint32Array {
  const from = firstRowAt(seconds, firstDay * SECONDS_PER_DAY);
  const to = firstRowAt(seconds, (firstDay + days) * SECONDS_PER_DAY);
  if (from === to || firstDay < 0) {
    throw new Error(`the data has no transactions on the days ${firstDay} to ${firstDay + days}`);
  }
  return Uint32Array.from({ length: to - from }, (_, at) => from + at).filter((row) => row < rows);
}

/** The first row at `second` or later. */
function firstRowAt(seconds: Int32Array, second: number): number {
  let low = 0;
  let high = seconds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((seconds[middle] as number) < second) low = middle + 1;
    else high = middle;
  }
  return low;
}
