import { createHotPool } from '@florin/postgres';
import { eventually, freshDatabase } from '@florin/testing';
import { expect, test } from 'vitest';
import { readPartition, type PartitionRow } from '../sql/read-partition.ts';

/**
 * Hunts a lane that is opened anew after a COMMIT without an answer, while Postgres still works on
 * that very COMMIT. What it read would be older than the books: the next events would get numbers
 * that are taken, and the lane would try the same for ever.
 */
test('a partition is read as it is after the posting that is still on its way', async () => {
  const url = await freshDatabase('ledger_lanes', new URL('../migrations', import.meta.url));
  const pool = createHotPool({ url, applicationName: 'read-partition', max: 3 });
  const posting = await pool.connect();
  try {
    await pool.query('INSERT INTO partitions (partition, epoch) VALUES (0, 1)');
    await posting.query('BEGIN');
    await posting.query('UPDATE partitions SET position = 9, event_sequence = 7');
    const reading = pool.query<PartitionRow>(readPartition, [0, 1]);
    let isRead = false;
    void reading.then(() => (isRead = true));
    const isWaiting = `SELECT count(*)::int AS n FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await eventually(
      async () => isRead || (await pool.query<{ n: number }>(isWaiting)).rows[0]?.n === 1,
    );
    await posting.query('COMMIT');
    expect((await reading).rows[0]).toMatchObject({ position: 9n, event_sequence: 7n });
  } finally {
    posting.release();
    await pool.end();
  }
});
