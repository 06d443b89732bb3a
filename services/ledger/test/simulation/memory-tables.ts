/** A row, its columns as the driver hands them over; times as microseconds in columns `…_us`. */
export type Row = Record<string, unknown>;

export const TABLES = [
  'partitions',
  'lease_members',
  'wallets',
  'transactions',
  'entries',
  'holds',
  'follow_ups',
  'conversions',
  'fees',
  'adjustments',
  'reviews',
  'departures',
  'arrivals',
  'key_checks',
  'reused_keys',
  'stored_events',
  'dead_letters',
] as const;
export type TableName = (typeof TABLES)[number];

/** The columns that make a row's key. */
const KEYS: Record<TableName, readonly string[]> = {
  partitions: ['partition'],
  lease_members: ['owner'],
  wallets: ['id'],
  transactions: ['id'],
  entries: ['wallet_id', 'sequence'],
  holds: ['transaction_id'],
  follow_ups: ['transaction_id'],
  conversions: ['transaction_id'],
  fees: ['transaction_id'],
  adjustments: ['id'],
  reviews: ['transaction_id'],
  departures: ['transaction_id'],
  arrivals: ['transaction_id'],
  key_checks: ['partition'],
  reused_keys: ['transaction_id'],
  stored_events: ['partition', 'sequence'],
  dead_letters: ['partition', 'stream_sequence', 'item'],
};

export const keyOf = (table: TableName, row: Row): string =>
  KEYS[table].map((column) => String(row[column])).join(' ');

export type Tables = Record<TableName, Map<string, Row>>;

export const emptyTables = (): Tables =>
  Object.fromEntries(TABLES.map((table) => [table, new Map()])) as unknown as Tables;

/** An error as Postgres tells it: an answer, unless it is the server's last word. */
export class StatementError extends Error {
  readonly code: string;
  readonly severity: 'ERROR' | 'FATAL';
  constructor(code: string, message: string, severity: 'ERROR' | 'FATAL' = 'ERROR') {
    super(message);
    this.code = code;
    this.severity = severity;
  }
}
