import { createHotPool } from '@florin/postgres';
import { eventually, freshDatabase } from '@florin/testing';
import { expect, test } from 'vitest';
import { lockPartitions } from '../sql/lock-partitions.ts';
import { saveProgress } from '../sql/update-partition.ts';

/**
 * Hunts a progress that is saved while a posting takes its locks one by one: were the rows locked
 * in another order, Postgres would need a second to see that both wait for each other, and every
 * payment with it.
 */
test('progress is locked in the order of postings, whatever order it is told in', async () => {
  const url = await freshDatabase('ledger_locks', new URL('../migrations', import.meta.url));
  const pool = createHotPool({ url, applicationName: 'lock-order', max: 3 });
  const posting = await pool.connect();
  try {
    // Whoever reads the table as it lies finds the last one first.
    await pool.query('INSERT INTO partitions (partition, epoch) VALUES (2, 1), (1, 1), (0, 1)');
    const lock = (partition: number) =>
      posting.query(lockPartitions, [`{${partition}}`, '{1}', '{0}']);
    await posting.query('BEGIN');
    await lock(0);
    const saving = pool.query(saveProgress, ['{2,1,0}', '{1,1,1}', '{0,0,0}', '{7,8,9}']);
    const isWaiting = `SELECT count(*)::int AS n FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await eventually(async () => (await pool.query<{ n: number }>(isWaiting)).rows[0]?.n === 1);
    await lock(1);
    await lock(2);
    await posting.query('COMMIT');
    await saving;
    const { rows } = await pool.query(
      'SELECT watched_position::int AS watched FROM partitions ORDER BY partition',
    );
    expect(rows).toEqual([{ watched: 9 }, { watched: 8 }, { watched: 7 }]);
  } finally {
    posting.release();
    await pool.end();
  }
});
