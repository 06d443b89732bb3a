import type pg from 'pg';
import {
  entriesElsewhere,
  lookUp,
  MOVED_TABLES,
  scopeOf,
  type MovedTable,
  type MoveScope,
} from './moved-tables.ts';

const ROWS_AT_ONCE = 2_000;

/** What the owner says so that it may write and take out what else is written once. */
export const MAY_MOVE = "SET LOCAL florin.moves_partition = 'yes'";

export interface Look {
  /** All transactions below this one were seen. */
  copiedBelow: string;
  rows: number;
}

/**
 * Copies what has changed since the last look, as the source was at one moment, in one commit of
 * the target: whatever ends half-way has changed nothing there. To be run within both database
 * transactions; the source's in a repeatable-read snapshot.
 * @param onRows so many more were copied
 */
export async function copyRows(
  source: pg.ClientBase,
  target: pg.ClientBase,
  options: { partition: number; since: string | undefined; onRows(rows: number): void },
): Promise<Look> {
  const scope = scopeOf(options.partition, options.since);
  const { rows: snapshot } = await source.query<{ xmin: string }>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin',
  );
  for (const statement of lookUp(scope)) await source.query(statement);
  let rows = 0;
  for (const moved of [...MOVED_TABLES, elsewhere(scope)]) {
    for await (const page of pagesOf(source, moved.changed(scope))) {
      await writePage(target, moved, page);
      rows += page.length;
      options.onRows(page.length);
    }
  }
  // What was the other side until now is here.
  await target.query(
    `DELETE FROM entries_elsewhere x USING wallets w
      WHERE w.id = x.wallet_id AND w.partition = ${options.partition}`,
  );
  return { copiedBelow: snapshot[0]?.xmin ?? '0', rows };
}

const elsewhere = (scope: MoveScope): MovedTable => ({
  table: 'entries_elsewhere',
  key: ['wallet_id', 'sequence'],
  changed: () => entriesElsewhere(scope),
  all: () => '',
});

/** Rows as lines of JSON: numbers and texts of `json` columns stay what they are to the digit. */
async function* pagesOf(client: pg.ClientBase, query: string): AsyncGenerator<string[]> {
  await client.query(
    `DECLARE moved NO SCROLL CURSOR FOR SELECT row_to_json(r)::text AS line FROM (${query}) AS r`,
  );
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`FETCH ${ROWS_AT_ONCE} FROM moved`);
    if (rows.length > 0) yield rows.map(({ line }) => line);
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await client.query('CLOSE moved');
}

async function writePage(
  client: pg.ClientBase,
  { table, key }: MovedTable,
  lines: readonly string[],
): Promise<void> {
  const values = [`[${lines.join(',')}]`];
  const page = `json_populate_recordset(NULL::${table}, $1::json) AS page`;
  if (table === 'transactions') {
    await client.query(`INSERT INTO transactions SELECT * FROM ${page} ${MERGED}`, values);
    return;
  }
  const same = key.map((column) => `known.${column} = page.${column}`).join(' AND ');
  await client.query(`DELETE FROM ${table} known USING ${page} WHERE ${same}`, values);
  const where =
    table === 'entries_elsewhere'
      ? 'WHERE NOT EXISTS (SELECT FROM wallets w WHERE w.id = page.wallet_id)'
      : '';
  await client.query(`INSERT INTO ${table} SELECT page.* FROM ${page} ${where}`, values);
}

/**
 * A payment between two wallets may be known to both shards. What was given back of it is counted
 * in each as it hears of it: the higher count has heard more.
 */
const MERGED = `
  ON CONFLICT (id) DO UPDATE
     SET status = CASE WHEN transactions.status = 'reversed' THEN 'reversed'
                       ELSE excluded.status END,
         reversed = greatest(transactions.reversed, excluded.reversed),
         failure_code = excluded.failure_code,
         wallet_sequence = excluded.wallet_sequence,
         counterparty_sequence = excluded.counterparty_sequence,
         wallet_posted = excluded.wallet_posted, wallet_held = excluded.wallet_held,
         completed_at = excluded.completed_at`;
