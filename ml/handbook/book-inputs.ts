import { SECONDS_PER_DAY, type Transactions } from './transactions.ts';

const WINDOW_DAYS = [1, 7, 30] as const;
/** A fraud is known seven days late, so that a terminal's windows end seven days ago. */
const DELAY_DAYS = 7;
/** The data begins on a Sunday. */
const FIRST_WEEKDAY = 6;

/** The fifteen inputs of the book in its order, under the names that its table gives them. */
export const BOOK_INPUTS = [
  'TX_AMOUNT',
  'TX_DURING_WEEKEND',
  'TX_DURING_NIGHT',
  'CUSTOMER_ID_NB_TX_1DAY_WINDOW',
  'CUSTOMER_ID_AVG_AMOUNT_1DAY_WINDOW',
  'CUSTOMER_ID_NB_TX_7DAY_WINDOW',
  'CUSTOMER_ID_AVG_AMOUNT_7DAY_WINDOW',
  'CUSTOMER_ID_NB_TX_30DAY_WINDOW',
  'CUSTOMER_ID_AVG_AMOUNT_30DAY_WINDOW',
  'TERMINAL_ID_NB_TX_1DAY_WINDOW',
  'TERMINAL_ID_RISK_1DAY_WINDOW',
  'TERMINAL_ID_NB_TX_7DAY_WINDOW',
  'TERMINAL_ID_RISK_7DAY_WINDOW',
  'TERMINAL_ID_NB_TX_30DAY_WINDOW',
  'TERMINAL_ID_RISK_30DAY_WINDOW',
] as const;

export type BookInput = (typeof BOOK_INPUTS)[number];
/** One value per transaction for each input. Doubles, because averages are compared to 1e-6. */
export type BookTable = Record<BookInput, Float64Array>;

/**
 * The book's inputs of every transaction. A customer's windows are (t - w, t] with the transaction
 * itself, a terminal's (t - 7 days - w, t - 7 days]; transactions of the same second count in the
 * order of their ids.
 */
export function bookInputs(transactions: Transactions): BookTable {
  const { seconds, customers, terminals, cents, frauds } = transactions;
  const byCustomer = groupRows(customers);
  const byTerminal = groupRows(terminals);
  const table: Partial<BookTable> = {
    TX_AMOUNT: Float64Array.from(cents, (amount) => amount / 100),
    TX_DURING_WEEKEND: Float64Array.from(seconds, duringWeekend),
    TX_DURING_NIGHT: Float64Array.from(seconds, duringNight),
  };
  for (const days of WINDOW_DAYS) {
    const spent = windowTotals(byCustomer, seconds, cents, { days, delayDays: 0 });
    table[`CUSTOMER_ID_NB_TX_${days}DAY_WINDOW`] = spent.counts;
    table[`CUSTOMER_ID_AVG_AMOUNT_${days}DAY_WINDOW`] = means(spent).map((mean) => mean / 100);
    const known = windowTotals(byTerminal, seconds, frauds, { days, delayDays: DELAY_DAYS });
    table[`TERMINAL_ID_NB_TX_${days}DAY_WINDOW`] = known.counts;
    table[`TERMINAL_ID_RISK_${days}DAY_WINDOW`] = means(known);
  }
  return table as BookTable;
}

const duringWeekend = (second: number): number =>
  (FIRST_WEEKDAY + Math.floor(second / SECONDS_PER_DAY)) % 7 >= 5 ? 1 : 0;

/** The book's night lasts until the end of the hour that begins at six. */
const duringNight = (second: number): number => (second % SECONDS_PER_DAY < 7 * 3600 ? 1 : 0);

/** The rows of each customer or terminal, in order. */
function groupRows(keys: Int32Array): number[][] {
  const groups = new Map<number, number[]>();
  for (const [row, key] of keys.entries()) {
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

interface Totals {
  counts: Float64Array;
  sums: Float64Array;
}

/**
 * For each row, the rows of its group in (t - delay - days, t - delay], and the sum of `values`.
 */
function windowTotals(
  groups: readonly number[][],
  seconds: Int32Array,
  values: Int32Array,
  window: { days: number; delayDays: number },
): Totals {
  const delay = window.delayDays * SECONDS_PER_DAY;
  const length = window.days * SECONDS_PER_DAY;
  const counts = new Float64Array(seconds.length);
  const sums = new Float64Array(seconds.length);
  const timeOf = (row: number | undefined): number => seconds[row as number] as number;
  const valueOf = (row: number | undefined): number => values[row as number] as number;
  for (const group of groups) {
    let entered = 0;
    let left = 0;
    let sum = 0;
    for (const [position, row] of group.entries()) {
      const end = timeOf(row) - delay;
      for (; entered <= position && timeOf(group[entered]) <= end; entered++) {
        sum += valueOf(group[entered]);
      }
      for (; left < entered && timeOf(group[left]) <= end - length; left++) {
        sum -= valueOf(group[left]);
      }
      counts[row] = entered - left;
      sums[row] = sum;
    }
  }
  return { counts, sums };
}

/** An empty window has mean 0. */
function means({ counts, sums }: Totals): Float64Array {
  return sums.map((sum, row) => sum / Math.max(1, counts[row] as number));
}
