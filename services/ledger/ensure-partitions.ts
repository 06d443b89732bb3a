import { TerminalError } from '@florin/kernel';
import type pg from 'pg';
import { countPartitions, createPartitions } from './sql/update-partition.ts';

/**
 * Creates the lanes of a new installation.
 * @throws TerminalError when it was set up with another number: wallets would change their lanes
 */
export async function ensurePartitions(pool: pg.Pool, partitions: number): Promise<void> {
  const before = await count(pool);
  if (before === 0) await pool.query(createPartitions, [partitions]);
  const actual = await count(pool);
  if (actual === partitions) return;
  throw new TerminalError(
    `this installation has ${actual} partitions and can’t be run with ${partitions}`,
  );
}

async function count(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ partitions: number }>(countPartitions);
  return rows[0]?.partitions ?? 0;
}
