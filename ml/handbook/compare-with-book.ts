import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BOOK_INPUTS, type BookInput, type BookTable } from './book-inputs.ts';
import type { Transactions } from './transactions.ts';

export interface Comparison {
  rows: number;
  /** The largest difference of each input between our table and the book's. */
  differences: Record<BookInput, number>;
}

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
  const filled = lines.filter((line) => line !== '');
  for (const line of filled) {
    const values = line.split(',').map(Number);
    const row = rowOf.get(values[idAt] as number);
    if (row === undefined) throw new Error(`${file}: transaction ${values[idAt]} is not ours`);
    for (const { input, at } of columns) {
      const difference = Math.abs((table[input][row] as number) - (values[at] as number));
      differences[input] = Math.max(differences[input], difference);
    }
  }
  return { rows: filled.length, differences };
}

function columnNamed(names: readonly string[], name: string): number {
  const at = names.indexOf(name);
  if (at < 0) throw new Error(`the book's table has no column ${name}`);
  return at;
}

/** One line for people. */
export function describeComparison({ rows, differences }: Comparison): string {
  const most = (kind: RegExp): string =>
    Math.max(
      ...BOOK_INPUTS.filter((input) => kind.test(input)).map((input) => differences[input]),
    ).toExponential(1);
  return (
    `the book's own table, ${rows} rows, largest differences: counts ${most(/_NB_TX_/)}, ` +
    `risks ${most(/_RISK_/)}, averages ${most(/_AVG_/)}, others ${most(/^TX_/)}`
  );
}
