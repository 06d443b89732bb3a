import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOOK_INPUTS, bookInputs } from './book-inputs.ts';
import { compareWithBook } from './compare-with-book.ts';
import { readTransactions, type Transactions } from './transactions.ts';

const DAY = 86_400;

const transactionsOf = (rows: { t: number; customer: number; terminal: number; cents: number }[]) =>
  ({
    rows: rows.length,
    ids: Int32Array.from(rows, (_, row) => 7 * row),
    seconds: Int32Array.from(rows, ({ t }) => t),
    customers: Int32Array.from(rows, ({ customer }) => customer),
    terminals: Int32Array.from(rows, ({ terminal }) => terminal),
    cents: Int32Array.from(rows, ({ cents }) => cents),
    frauds: Int32Array.from(rows, ({ cents }) => (cents % 3 === 0 ? 1 : 0)),
  }) satisfies Transactions;

/** Sixty days of three customers and two terminals, many of them in the same second. */
const someTransactions = fc
  .array(
    fc.record({
      t: fc.integer({ min: 0, max: 60 * 24 }).map((hour) => hour * 3600),
      customer: fc.nat(2),
      terminal: fc.nat(1),
      cents: fc.integer({ min: 1, max: 50_000 }),
    }),
    { maxLength: 120 },
  )
  .map((rows) => transactionsOf(rows.toSorted((a, b) => a.t - b.t)));

/** The book's definition, read aloud: who lies in the window, of those that came no later. */
function byDefinition(data: Transactions, row: number, days: number) {
  const now = data.seconds[row] as number;
  const earlier = Array.from({ length: row + 1 }, (_, at) => at);
  const within = (at: number, end: number): boolean => {
    const then = data.seconds[at] as number;
    return then <= end && then > end - days * DAY;
  };
  const own = earlier.filter((at) => data.customers[at] === data.customers[row] && within(at, now));
  const known = earlier.filter(
    (at) => data.terminals[at] === data.terminals[row] && within(at, now - 7 * DAY),
  );
  const sum = (rows: number[], of: Int32Array): number =>
    rows.reduce((total, at) => total + (of[at] as number), 0);
  return {
    count: own.length,
    average: sum(own, data.cents) / own.length / 100,
    terminalCount: known.length,
    risk: known.length === 0 ? 0 : sum(known, data.frauds) / known.length,
  };
}

describe('the inputs of the book', () => {
  it('hunts windows that end too early or late, or mix up rows of the same second', () => {
    fc.assert(
      fc.property(someTransactions, (data) => {
        const table = bookInputs(data);
        for (let row = 0; row < data.rows; row++) {
          for (const days of [1, 7, 30] as const) {
            const expected = byDefinition(data, row, days);
            expect(table[`CUSTOMER_ID_NB_TX_${days}DAY_WINDOW`][row]).toBe(expected.count);
            expect(table[`CUSTOMER_ID_AVG_AMOUNT_${days}DAY_WINDOW`][row]).toBeCloseTo(
              expected.average,
              9,
            );
            expect(table[`TERMINAL_ID_NB_TX_${days}DAY_WINDOW`][row]).toBe(expected.terminalCount);
            expect(table[`TERMINAL_ID_RISK_${days}DAY_WINDOW`][row]).toBeCloseTo(expected.risk, 12);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('hunts a weekend or a night that begins an hour too late', () => {
    const hours = [0, 6, 7, 23, 24, 5 * 24 + 23, 6 * 24, 7 * 24 + 23, 8 * 24];
    const at = (hour: number) => ({ t: hour * 3600, customer: 1, terminal: 1, cents: 5 });
    const table = bookInputs(transactionsOf(hours.map(at)));
    // The first day of the data is a Sunday.
    expect([...table.TX_DURING_WEEKEND]).toEqual([1, 1, 1, 1, 0, 0, 1, 1, 0]);
    expect([...table.TX_DURING_NIGHT]).toEqual([1, 1, 0, 0, 1, 0, 1, 0, 1]);
  });
});

describe('files of the book', () => {
  const folder = mkdtempSync(join(tmpdir(), 'florin-handbook-'));
  const file = (name: string, lines: string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, gzipSync(lines.join('\n')));
    return path;
  };

  it('hunts a comparison that overlooks a difference', () => {
    const raw = file('raw.csv.gz', [
      'id,t,customer,terminal,cents,fraud,scenario',
      '0,31,596,3156,5716,0,0',
      '1,130,596,3412,8151,1,1',
    ]);
    const transactions = readTransactions(raw);
    const table = bookInputs(transactions);
    const lineOf = (row: number, change = 0): string =>
      [row, ...BOOK_INPUTS.map((input) => (table[input][row] as number) + change)].join(',');
    const header = ['TRANSACTION_ID', ...BOOK_INPUTS].join(',');
    const same = file('same.csv.gz', [header, lineOf(0), lineOf(1), '']);
    const other = file('other.csv.gz', [header, lineOf(0), lineOf(1, 0.25)]);
    expect(compareWithBook(transactions, table, same)).toMatchObject({ rows: 2, unequal: [] });
    expect(compareWithBook(transactions, table, other).unequal).toEqual([1]);
    const rounded = compareWithBook(
      transactions,
      table,
      file('r.csv.gz', [header, lineOf(0, 4e-7)]),
    );
    expect(rounded.unequal).toEqual([]);
    expect(rounded.differences.TX_AMOUNT).toBeCloseTo(4e-7, 9);
    rmSync(folder, { recursive: true });
  });
});
