import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import { MOVED_TABLES, type MovedTable } from './moved-tables.ts';

export interface Difference {
  table: string;
  source: string;
  target: string;
}

/**
 * Compares both copies of a partition, all tables of them: the number of rows, and a sum of a hash
 * of each. Nobody may write to either meanwhile.
 * @param toldUpTo events up to here; those after it were written down for the target only
 */
export async function compareCopies(
  source: pg.Pool,
  target: pg.Pool,
  partition: number,
  toldUpTo: number,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const moved of MOVED_TABLES) {
    const [ours, theirs] = await Promise.all(
      [source, target].map((pool) => digestOf(pool, moved, partition, toldUpTo)),
    );
    if (ours !== theirs) {
      differences.push({ table: moved.table, source: ours ?? '', target: theirs ?? '' });
    }
  }
  return differences;
}

async function digestOf(
  pool: pg.Pool,
  { table, all }: MovedTable,
  partition: number,
  toldUpTo: number,
): Promise<string> {
  const told = table === 'stored_events' ? `WHERE r.sequence <= ${toldUpTo}` : '';
  return withHotTransaction(pool, async (client) => {
    // The text of a time depends on it.
    await client.query("SET LOCAL TimeZone = 'UTC'");
    const { rows } = await client.query<{ digest: string }>(
      `SELECT count(*) || ' rows, ' || coalesce(sum(hashtextextended(r::text, 0)), 0) AS digest
         FROM (${all(partition)}) AS r ${told}`,
    );
    return rows[0]?.digest ?? '';
  });
}
