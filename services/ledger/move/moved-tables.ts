/** Rows that belong to a partition, of one table. */
export interface MovedTable {
  table: string;
  /** What a row is known by: one that is there already is written anew. */
  key: readonly string[];
  /**
   * Those that changed since the last look. `moving_entries` and `moving_transactions` are made
   * first, in the same snapshot.
   */
  changed(scope: MoveScope): string;
  /** All of them, as they are compared. */
  all(partition: number): string;
}

export interface MoveScope {
  partition: number;
  /** Whether a row of this alias may have changed since the last look. */
  isNew(alias: string): string;
}

/**
 * @param since the oldest transaction that the last look may not have seen; undefined: look at all.
 * A row that was frozen long ago may look new and is copied once more; none that is new looks old.
 */
export const scopeOf = (partition: number, since: string | undefined): MoveScope => ({
  partition,
  isNew: (alias) =>
    since === undefined ? 'true' : `age(${alias}.xmin) <= age('${since}'::xid8::xid)`,
});

/**
 * What was written to wallets of the partition, and which transactions that touches: all that are
 * its own, and those of other partitions that paid into it or were given back from it.
 */
export const lookUp = ({ partition, isNew }: MoveScope): readonly string[] => [
  `CREATE TEMPORARY TABLE moving_entries ON COMMIT DROP AS
   SELECT e.* FROM wallets w JOIN entries e ON e.wallet_id = w.id
    WHERE w.partition = ${partition} AND ${isNew('w')} AND ${isNew('e')}`,
  `CREATE TEMPORARY TABLE moving_transactions ON COMMIT DROP AS
   SELECT t.id FROM transactions t WHERE t.partition = ${partition} AND ${isNew('t')}
    UNION
   SELECT transaction_id FROM moving_entries
    UNION
   SELECT t.id FROM moving_entries m JOIN follow_ups f USING (transaction_id)
     JOIN transactions t ON t.id = f.related_id
    WHERE t.wallet_sequence IS NOT NULL AND t.counterparty_sequence IS NOT NULL`,
  'ANALYZE moving_transactions',
];

const ofPartition = (table: string, ...key: string[]): MovedTable => ({
  table,
  key,
  changed: ({ partition, isNew }) =>
    `SELECT r.* FROM ${table} r WHERE r.partition = ${partition} AND ${isNew('r')}`,
  all: (partition) => `SELECT r.* FROM ${table} r WHERE r.partition = ${partition}`,
});

/** What is written down beside a transaction. Both shards that know it have it. */
const besideTransactions = (table: string, ...more: string[]): MovedTable => ({
  table,
  key: ['transaction_id', ...more],
  changed: () => `SELECT r.* FROM ${table} r JOIN moving_transactions m ON m.id = r.transaction_id`,
  all: (partition) =>
    `SELECT r.* FROM ${table} r JOIN transactions t
         ON t.id = r.transaction_id AND t.partition = ${partition}`,
});

/** How much of a transaction was given back may be known to one shard before the other. */
const comparedOfTransaction = `
  t.id, t.partition, t.event_sequence, t.type, t.wallet_id, t.counterparty_wallet_id, t.amount,
  t.currency, t.client_id, t.body_hash, t.failure_code, t.wallet_sequence, t.counterparty_sequence,
  t.wallet_posted, t.wallet_held, t.description, t.metadata, t.risk::text, t.created_at,
  t.completed_at`;

export const MOVED_TABLES: readonly MovedTable[] = [
  ofPartition('wallets', 'id'),
  {
    table: 'transactions',
    key: ['id'],
    changed: () => 'SELECT r.* FROM transactions r JOIN moving_transactions m USING (id)',
    all: (partition) => `
      SELECT ${comparedOfTransaction} FROM transactions t
       WHERE t.partition = ${partition} OR t.id IN (
         SELECT e.transaction_id FROM wallets w JOIN entries e ON e.wallet_id = w.id
          WHERE w.partition = ${partition})`,
  },
  {
    table: 'entries',
    key: ['wallet_id', 'sequence'],
    changed: () => 'SELECT * FROM moving_entries',
    all: (partition) => `
      SELECT e.* FROM wallets w JOIN entries e ON e.wallet_id = w.id
       WHERE w.partition = ${partition}`,
  },
  {
    table: 'holds',
    key: ['transaction_id'],
    changed: ({ partition, isNew }) => `
      SELECT r.* FROM wallets w JOIN holds r ON r.wallet_id = w.id
       WHERE w.partition = ${partition} AND ${isNew('r')}`,
    all: (partition) => `
      SELECT r.* FROM wallets w JOIN holds r ON r.wallet_id = w.id
       WHERE w.partition = ${partition}`,
  },
  ofPartition('reviews', 'transaction_id'),
  ofPartition('adjustments', 'id'),
  ofPartition('departures', 'transaction_id'),
  ofPartition('stored_events', 'partition', 'sequence'),
  ofPartition('dead_letters', 'partition', 'stream_sequence', 'item'),
  besideTransactions('arrivals'),
  besideTransactions('follow_ups'),
  besideTransactions('conversions'),
  besideTransactions('fees'),
  besideTransactions('splits'),
  besideTransactions('transaction_labels', 'label'),
];

/** The entries that moving transactions have in wallets of other partitions. */
export const entriesElsewhere = ({ partition, isNew }: MoveScope): string => `
  SELECT e.* FROM moving_transactions m JOIN transactions t USING (id)
   CROSS JOIN LATERAL (VALUES (t.wallet_id, t.wallet_sequence),
                              (t.counterparty_wallet_id, t.counterparty_sequence))
     AS side (wallet_id, sequence)
    JOIN entries e ON e.wallet_id = side.wallet_id AND e.sequence = side.sequence
                  AND e.transaction_id = t.id
    JOIN wallets w ON w.id = e.wallet_id AND w.partition <> ${partition}
  UNION
  SELECT e.* FROM wallets w JOIN entries e ON e.wallet_id = w.id
    JOIN moving_transactions m ON m.id = e.transaction_id
   WHERE w.kind IN ('fees', 'fx-position') AND w.partition <> ${partition}
     AND ${isNew('w')} AND ${isNew('e')}
  UNION
  SELECT x.* FROM entries_elsewhere x JOIN moving_transactions m ON m.id = x.transaction_id`;

/** Tables that stay, and why. With those above they are all that the books consist of. */
export const STAYING_TABLES: Readonly<Record<string, string>> = {
  partitions: 'the row of the partition is taken out and put in by the steps themselves',
  partition_moves: 'each shard keeps how far its side of a move has come',
  entries_elsewhere: 'follows from which wallets a shard has',
  lease_members: 'the processes of a shard',
  fee_schedules: 'set in the first shard, copied by all others',
  key_checks: 'keys that were not looked up yet are looked up again where the partition is',
  reused_keys: 'what was found is told where it was found',
  archived_months: 'partitions with archived entries are not moved',
  opening_balances: 'belong to archived months',
  carried_entries: 'belong to archived months',
};
