import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BOOK_INPUTS, type BookInput, type BookTable } from './book-inputs.ts';
import type { Transactions } from './transactions.ts';

export interface Comparison {
  rows: number;
  /** The ids of rows in which an input differs by more than the book's rounding. */
  unequal: number[];
  /** The largest difference of each input in the other rows. */
  differences: Record<BookInput, number>;
}

/** The book writes six digits. */
const ROUNDING = 1e-6;

/**
 * Compares our inputs with the book's own feature table: a CSV with a header, compressed with gzip,
 * of any of its transactions.
 * @throws Error when a column or a transaction is missing
 */
export function compareWithBook(
  { ids }: Pick<Transactions, 'ids'>,
  table: BookTable,
  file: string,
): Comparison {
  const [header = '', ...lines] = gunzipSync(readFileSync(file)).toString('latin1').split('\n');
  const names = header.trim().split(',');
  const columns = BOOK_INPUTS.map((input) => ({ input, at: columnNamed(names, input) }));
  const idAt = columnNamed(names, 'TRANSACTION_ID');
  const rowOf = new Map(Array.from(ids, (id, row) => [id, row]));
  const differences = Object.fromEntries(BOOK_INPUTS.map((input) => [input, 0])) as Record<
    BookInput,
    number
  >;
  const unequal: number[] = [];
  const filled = lines.filter((line) => line !== '');
  for (const line of filled) {
    const values = line.split(',').map(Number);
    const row = rowOf.get(values[idAt] as number);
    if (row === undefined) throw new Error(`${file}: transaction ${values[idAt]} is not ours`);
    const own = columns.map(({ input, at }) =>
      Math.abs((table[input][row] as number) - (values[at] as number)),
    );
    if (Math.max(...own) > ROUNDING) unequal.push(values[idAt] as number);
    else {
      for (const [at, { input }] of columns.entries()) {
        differences[input] = Math.max(differences[input], own[at] as number);
      }
    }
  }
  return { rows: filled.length, unequal, differences };
}

function columnNamed(names: readonly string[], name: string): number {
  const at = names.indexOf(name);
  if (at < 0) throw new Error(`the book's table has no column ${name}`);
  return at;
}

/** One line for people. */
export function describeComparison({ rows, unequal, differences }: Comparison): string {
  const most = (kind: RegExp): string =>
    Math.max(
      ...BOOK_INPUTS.filter((input) => kind.test(input)).map((input) => differences[input]),
    ).toExponential(1);
  return (
    `${rows - unequal.length} of ${rows} rows as in the book's own table. Largest differences: ` +
    `counts ${most(/_NB_TX_/)}, risks ${most(/_RISK_/)}, averages ${most(/_AVG_/)}, ` +
    `others ${most(/^TX_/)}. Unequal: ${unequal.join(', ') || 'none'}`
  );
}
