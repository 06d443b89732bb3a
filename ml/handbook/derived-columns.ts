import { createMatrix, type Encoding, type Matrix } from '../model/mod.ts';
import type { BookTable } from './book-inputs.ts';

/** Edges at the quartiles of all transactions and at 24 quantiles of the frauds: see README.md. */
const PIECEWISE: Encoding = { kind: 'piecewise', bins: 4, fraudBins: 24 };
const STANDARD: Encoding = { kind: 'standard' };
const KEEP: Encoding = { kind: 'keep' };

/** Less than this counts as this much, so that ratios of amounts stay finite. */
const AMOUNT_MIN = 0.5;

const WINDOWS = ['day', 'week', 'month'] as const;
type WindowName = (typeof WINDOWS)[number];

interface Window {
  count: number;
  /** The average amount of a customer; the share of frauds of a terminal. */
  mean: number;
}

/** One transaction's row of the book's table: the columns below see nothing else. */
export interface BookRow {
  amount: number;
  weekend: number;
  night: number;
  customer: Record<WindowName, Window>;
  terminal: Record<WindowName, Window>;
}

type Column = (row: BookRow) => number;

/** The book's inputs as they are. */
const flags: Column[] = [(row) => row.weekend, (row) => row.night];
const bookColumns: Column[] = [
  (row) => row.amount,
  ...WINDOWS.flatMap((window): Column[] => [
    (row) => row.customer[window].count,
    (row) => row.customer[window].mean,
    (row) => row.terminal[window].count,
    (row) => row.terminal[window].mean,
  ]),
];

/** The same once more without edges: between two edges that lie far apart this tells rows apart. */
const risks = WINDOWS.map(
  (window): Column =>
    (row) =>
      row.terminal[window].mean,
);
const logarithms: Column[] = [
  (row) => Math.log1p(row.amount),
  ...WINDOWS.flatMap((window): Column[] => [
    (row) => Math.log1p(row.customer[window].count),
    (row) => Math.log1p(row.customer[window].mean),
    (row) => Math.log1p(row.terminal[window].count),
  ]),
];

/** The amount against the customer's earlier ones, and the latest of those against the month's. */
const ratios: Column[] = [
  ...WINDOWS.map(
    (window): Column =>
      (row) =>
        logRatio(row.amount, earlierMean(row, window)),
  ),
  (row) => logRatio(earlierMean(row, 'day'), earlierMean(row, 'month')),
  (row) => logRatio(earlierMean(row, 'week'), earlierMean(row, 'month')),
];

/** A terminal's windows lie in each other. When its frauds began shows in what is between them. */
const between: Column[] = [
  ({ terminal }) => frauds(terminal.day),
  ({ terminal }) => frauds(terminal.week) - frauds(terminal.day),
  ({ terminal }) => frauds(terminal.month) - frauds(terminal.week),
  ({ terminal }) => riskBetween(terminal.day, terminal.week),
  ({ terminal }) => riskBetween(terminal.week, terminal.month),
];

const COLUMNS: readonly { encoding: Encoding; of: Column }[] = [
  ...[...flags, ...risks].map((of) => ({ encoding: KEEP, of })),
  ...logarithms.map((of) => ({ encoding: STANDARD, of })),
  ...[...bookColumns, ...ratios, ...between].map((of) => ({ encoding: PIECEWISE, of })),
];

/** How each column of `derivedColumns` goes into the network. */
export const ENCODINGS: readonly Encoding[] = COLUMNS.map(({ encoding }) => encoding);

/** What the network sees of the named transactions, each made of its own fifteen inputs alone. */
export function derivedColumns(table: BookTable, transactions: Uint32Array): Matrix {
  const matrix = createMatrix(transactions.length, COLUMNS.length);
  for (const [row, transaction] of transactions.entries()) {
    const bookRow = bookRowOf(table, transaction);
    for (const [column, { of }] of COLUMNS.entries()) {
      matrix.values[row * COLUMNS.length + column] = of(bookRow);
    }
  }
  return matrix;
}

function bookRowOf(table: BookTable, transaction: number): BookRow {
  const value = (input: keyof BookTable): number => table[input][transaction] as number;
  const customer = (days: 1 | 7 | 30): Window => ({
    count: value(`CUSTOMER_ID_NB_TX_${days}DAY_WINDOW`),
    mean: value(`CUSTOMER_ID_AVG_AMOUNT_${days}DAY_WINDOW`),
  });
  const terminal = (days: 1 | 7 | 30): Window => ({
    count: value(`TERMINAL_ID_NB_TX_${days}DAY_WINDOW`),
    mean: value(`TERMINAL_ID_RISK_${days}DAY_WINDOW`),
  });
  return {
    amount: value('TX_AMOUNT'),
    weekend: value('TX_DURING_WEEKEND'),
    night: value('TX_DURING_NIGHT'),
    customer: { day: customer(1), week: customer(7), month: customer(30) },
    terminal: { day: terminal(1), week: terminal(7), month: terminal(30) },
  };
}

const logRatio = (amount: number, to: number): number =>
  Math.log(Math.max(amount, AMOUNT_MIN) / Math.max(to, AMOUNT_MIN));

/**
 * The customer's average amount without this transaction. A window with nothing else in it says as
 * much as the next longer one; a customer seen for the first time is compared with this amount.
 */
function earlierMean({ amount, customer }: BookRow, window: WindowName): number {
  const longer = WINDOWS.slice(WINDOWS.indexOf(window)).map((name) => customer[name]);
  const filled = longer.find(({ count }) => count > 1);
  return filled ? (filled.count * filled.mean - amount) / (filled.count - 1) : amount;
}

/** A share of a count, so that only rounding keeps the product from being a whole number. */
const frauds = ({ count, mean }: Window): number => Math.round(count * mean);

/** The share of frauds in the part of the outer window that the inner one leaves out. */
const riskBetween = (inner: Window, outer: Window): number =>
  (frauds(outer) - frauds(inner)) / Math.max(1, outer.count - inner.count);
