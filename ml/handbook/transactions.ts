import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The simulated card transactions of the handbook, column by column, in the order of time. */
export interface Transactions {
  readonly rows: number;
  readonly ids: Int32Array;
  /** Since the first day of the data began. */
  readonly seconds: Int32Array;
  readonly customers: Int32Array;
  readonly terminals: Int32Array;
  readonly cents: Int32Array;
  readonly frauds: Int32Array;
}

export const SECONDS_PER_DAY = 86_400;
const FIRST_DAY = '2018-04-01';

const HEADER = 'id,t,customer,terminal,cents,fraud,scenario';
const COLUMNS = HEADER.split(',').length;

/**
 * Reads the compact file: one line of whole numbers a transaction, compressed with gzip.
 * @throws Error when the columns are others, or the rows are not in the order of time
 */
export function readTransactions(file: string): Transactions {
  const text = gunzipSync(readFileSync(file));
  if (text.toString('latin1', 0, HEADER.length) !== HEADER) {
    throw new Error(`${file}: expected the columns ${HEADER}`);
  }
  const numbers = parseNumbers(text.subarray(HEADER.length));
  const rows = numbers.length / COLUMNS;
  const column = (at: number): Int32Array =>
    Int32Array.from({ length: rows }, (_, row) => numbers[row * COLUMNS + at] as number);
  const transactions = {
    rows,
    ids: column(0),
    seconds: column(1),
    customers: column(2),
    terminals: column(3),
    cents: column(4),
    frauds: column(5),
  };
  checkOrder(transactions.seconds, file);
  return transactions;
}

/** The day of the data that a calendar date is: 0 for the first. */
export function dayOfDate(date: string): number {
  const day = (Date.parse(date) - Date.parse(FIRST_DAY)) / (SECONDS_PER_DAY * 1000);
  if (!Number.isInteger(day)) throw new Error(`${date} is not a date like ${FIRST_DAY}`);
  return day;
}

/** Digits are read as they come: ten million numbers as text of their own would take a minute. */
function parseNumbers(text: Uint8Array): Int32Array {
  const numbers: number[] = [];
  let current = -1;
  for (const byte of text) {
    const digit = byte - 48;
    if (digit >= 0 && digit <= 9) {
      current = (current < 0 ? 0 : current * 10) + digit;
    } else if (current >= 0) {
      numbers.push(current);
      current = -1;
    }
  }
  if (current >= 0) numbers.push(current);
  return Int32Array.from(numbers);
}

function checkOrder(seconds: Int32Array, file: string): void {
  const late = seconds.findIndex((second, row) => row > 0 && second < (seconds[row - 1] as number));
  if (late >= 0) throw new Error(`${file}: row ${late} is older than the one before it`);
}
