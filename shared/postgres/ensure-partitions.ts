import { TerminalError } from '@florin/kernel';
import type pg from 'pg';

const createSql = `
  INSERT INTO partitions (partition) SELECT generate_series(0, $1::int - 1)
  ON CONFLICT DO NOTHING`;

const countSql = 'SELECT count(*)::int AS partitions FROM partitions';

/**
 * Fills the table `partitions` (see lease-table.ts) of a new installation.
 * @throws TerminalError when it was set up with another number: wallets would change their lanes
 */
export async function ensurePartitions(pool: pg.Pool, partitions: number): Promise<void> {
  if ((await count(pool)) === 0) await pool.query(createSql, [partitions]);
  const actual = await count(pool);
  if (actual === partitions) return;
  throw new TerminalError(
    `this installation has ${actual} partitions and can’t be run with ${partitions}`,
  );
}

async function count(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ partitions: number }>(countSql);
  return rows[0]?.partitions ?? 0;
}
