import { TerminalError } from '@florin/kernel';
import type pg from 'pg';

const createSql = `
  INSERT INTO partitions (partition) SELECT unnest($1::int[]) ON CONFLICT DO NOTHING`;

const listSql = 'SELECT partition FROM partitions ORDER BY partition';

/**
 * Fills the table `partitions` (see lease-table.ts) of a new installation.
 * @param wanted how many there are, from 0; or those that this database keeps
 * @throws TerminalError when it was set up with others: wallets would change their lanes
 */
export async function ensurePartitions(
  pool: pg.Pool,
  wanted: number | readonly number[],
): Promise<void> {
  const partitions = typeof wanted === 'number' ? [...Array(wanted).keys()] : wanted;
  if ((await list(pool)).length === 0) await pool.query(createSql, [partitions]);
  const actual = await list(pool);
  if (actual.join() === partitions.join()) return;
  if (typeof wanted === 'number') {
    throw new TerminalError(
      `this installation has ${actual.length} partitions and can’t be run with ${wanted}`,
    );
  }
  throw new TerminalError(
    `this database keeps partitions ${actual.join()} and can’t be run with ${partitions.join()}`,
  );
}

async function list(pool: pg.Pool): Promise<number[]> {
  const { rows } = await pool.query<{ partition: number }>(listSql);
  return rows.map(({ partition }) => partition);
}
