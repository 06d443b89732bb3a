import { StatementError, type Row, type TableName } from './memory-tables.ts';

/**
 * What the schema of the books enforces, said a second time: CHECKs and triggers of the migrations.
 * The test against the real schema sees that both refuse the same.
 */

const big = (row: Row, column: string): bigint => (row[column] as bigint | null | undefined) ?? 0n;
const isNull = (row: Row, column: string): boolean => (row[column] ?? null) === null;

/** Table → name of the rule → whether a row keeps it. */
const CHECKS: Partial<Record<TableName, Record<string, (row: Row) => boolean>>> = {
  partitions: {
    published: (row) => big(row, 'published_sequence') <= big(row, 'event_sequence'),
  },
  wallets: {
    held: (row) => big(row, 'held') >= 0n,
    available: (row) => big(row, 'posted') - big(row, 'held') >= -big(row, 'overdraft_limit'),
    closed: (row) => row['status'] !== 'closed' || (!big(row, 'posted') && !big(row, 'held')),
    spent: (row) => big(row, 'spent_day') >= 0n && big(row, 'spent_month') >= 0n,
  },
  transactions: {
    amount: (row) => big(row, 'amount') > 0n,
    failure: (row) => (row['status'] === 'failed') !== isNull(row, 'failure_code'),
    completion: (row) =>
      ['completed', 'failed', 'reversed'].includes(String(row['status'])) !==
      isNull(row, 'completed_us'),
    reversed: (row) =>
      isNull(row, 'reversed') ||
      (big(row, 'reversed') > 0n && big(row, 'reversed') <= big(row, 'amount')),
    reversedWhenAllIs: (row) =>
      row['type'] === 'hold' ||
      (row['status'] === 'reversed') ===
        (!isNull(row, 'reversed') && big(row, 'reversed') === big(row, 'amount')),
  },
  entries: { delta: (row) => big(row, 'delta') !== 0n },
  holds: {
    amount: (row) => big(row, 'amount') > 0n,
    drawn: (row) => big(row, 'captured') >= 0n && big(row, 'released') >= 0n,
    within: (row) => big(row, 'captured') + big(row, 'released') <= big(row, 'amount'),
    settled: (row) =>
      isNull(row, 'settled_us') !==
      (big(row, 'captured') + big(row, 'released') === big(row, 'amount')),
  },
  follow_ups: { remaining: (row) => big(row, 'remaining') >= 0n },
  reviews: { decided: (row) => (row['status'] === 'open') === isNull(row, 'decided_us') },
  departures: {
    amount: (row) => big(row, 'amount') > 0n,
    settled: (row) => isNull(row, 'settled_us') === isNull(row, 'credited'),
  },
  arrivals: { amount: (row) => big(row, 'amount') > 0n },
};

const same = (a: Row, b: Row, columns: readonly string[]): boolean =>
  columns.every((column) => (a[column] ?? null) === (b[column] ?? null));

const isOpen = ({ status }: Row): boolean => status === 'pending' || status === 'held';

function outcomesAreFinal(old: Row, now: Row): boolean {
  const facts = ['amount', 'wallet_id', 'type', 'body_hash', 'event_sequence'];
  if (isOpen(old) && isNull(now, 'reversed') && same(old, now, facts)) return true;
  const rest = Object.keys(now).filter((column) => !['status', 'reversed'].includes(column));
  return (
    old['status'] === 'completed' &&
    (now['status'] === 'completed' || now['status'] === 'reversed') &&
    big(now, 'reversed') > big(old, 'reversed') &&
    same(old, now, rest)
  );
}

const holdsAreDrawnOn = (old: Row, now: Row): boolean =>
  isNull(old, 'settled_us') &&
  big(now, 'captured') >= big(old, 'captured') &&
  big(now, 'released') >= big(old, 'released') &&
  same(old, now, ['amount', 'wallet_id', 'placed_us', 'expires_us']);

/** Triggers that look at a row before and after its change. */
const CHANGES: Partial<Record<TableName, (old: Row, now: Row) => boolean>> = {
  transactions: outcomesAreFinal,
  holds: holdsAreDrawnOn,
  reviews: (old) => old['status'] === 'open',
  departures: (old, now) =>
    isNull(old, 'settled_us') && same(old, now, ['amount', 'currency', 'pair']),
  arrivals: () => false,
  reused_keys: () => false,
};

/** @throws StatementError when the schema would refuse the row */
export function checkRow(table: TableName, old: Row | undefined, now: Row): void {
  if (old !== undefined && CHANGES[table]?.(old, now) === false) {
    throw new StatementError('23000', `a row of ${table} would change what is final`);
  }
  for (const [name, holds] of Object.entries(CHECKS[table] ?? {})) {
    if (!holds(now)) throw new StatementError('23514', `a row of ${table} breaks ${name}`);
  }
}

/** The entries of one statement sum to zero for each transaction and currency. */
export function checkEntries(entries: readonly Row[]): void {
  const sums = new Map<string, bigint>();
  for (const entry of entries) {
    const key = `${String(entry['transaction_id'])} ${String(entry['currency'])}`;
    sums.set(key, (sums.get(key) ?? 0n) + big(entry, 'delta'));
  }
  for (const [key, sum] of sums) {
    if (sum !== 0n) throw new StatementError('23000', `entries of ${key} do not sum to zero`);
  }
}
