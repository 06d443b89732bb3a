import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import { MAY_MOVE } from './copy-rows.ts';
import { MOVED_TABLES } from './moved-tables.ts';
import { setState } from './move-state.ts';

/** Tables with a row for a transaction, that goes and stays with it. */
const BESIDE = ['arrivals', 'follow_ups', 'conversions', 'fees', 'splits', 'transaction_labels'];

/** Those of the tables that name the partition in their rows. */
const OF_PARTITION = ['reviews', 'adjustments', 'departures', 'stored_events', 'dead_letters'];

/**
 * Takes a partition out of the books that no longer keep it, in one commit. A payment whose other
 * wallet stays does, too, as a whole: of the wallet that leaves the entry is noted as elsewhere.
 * @param state how far the side of this database has come, and how far it is then
 */
export const forgetPartition = (
  pool: pg.Pool,
  { id, partition }: { id: string; partition: number },
  state: { from: string; to: string },
): Promise<void> =>
  withHotTransaction(pool, async (client) => {
    await client.query(MAY_MOVE);
    const { rowCount } = await client.query(
      'SELECT FROM partition_moves WHERE id = $1 AND state = $2 FOR UPDATE',
      [id, state.from],
    );
    if (rowCount === 0) return;
    for (const statement of statementsFor(partition)) await client.query(statement);
    await setState(client, id, state.from, state.to);
  });

const ofWallets = (table: string, partition: number): string =>
  `DELETE FROM ${table} r USING wallets w WHERE w.id = r.wallet_id AND w.partition = ${partition}`;

/** In this order: what says which rows leave is taken out last. */
function statementsFor(partition: number): string[] {
  const isHere = (wallet: string): string =>
    `EXISTS (SELECT FROM wallets w WHERE w.id = ${wallet} AND w.partition <> ${partition})`;
  const made = MOVED_TABLES.find(({ table }) => table === 'entries')?.all(partition) ?? '';
  return [
    `CREATE TEMPORARY TABLE leaving_entries ON COMMIT DROP AS ${made}`,
    `CREATE TEMPORARY TABLE touched ON COMMIT DROP AS
     SELECT t.id, t.wallet_sequence IS NOT NULL AND t.counterparty_sequence IS NOT NULL
              AND CASE WHEN t.partition = ${partition} THEN ${isHere('t.counterparty_wallet_id')}
                       ELSE ${isHere('t.wallet_id')} END AS stays
       FROM transactions t
      WHERE t.partition = ${partition} OR t.id IN (SELECT transaction_id FROM leaving_entries)`,
    'CREATE UNIQUE INDEX ON touched (id)',
    'ANALYZE touched',
    `INSERT INTO entries_elsewhere
     SELECT e.* FROM leaving_entries e JOIN touched t ON t.id = e.transaction_id AND t.stays`,
    `DELETE FROM entries_elsewhere x USING touched t
      WHERE t.id = x.transaction_id AND NOT t.stays`,
    ...BESIDE.map(
      (table) =>
        `DELETE FROM ${table} r USING touched t WHERE t.id = r.transaction_id AND NOT t.stays`,
    ),
    ...OF_PARTITION.map((table) => `DELETE FROM ${table} WHERE partition = ${partition}`),
    ofWallets('holds', partition),
    ofWallets('entries', partition),
    'DELETE FROM transactions r USING touched t WHERE t.id = r.id AND NOT t.stays',
    `DELETE FROM wallets WHERE partition = ${partition}`,
  ];
}
