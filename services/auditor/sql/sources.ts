import type pg from 'pg';

export interface SourceRow {
  position: bigint;
  streamCreatedAt: string | null;
}

/** Where a source was read to; undefined when it is no longer ours. */
export async function readSource(
  pool: pg.Pool,
  partition: number,
  epoch: bigint,
): Promise<SourceRow | undefined> {
  const { rows } = await pool.query<SourceRow>(
    `SELECT position, stream_created_at AS "streamCreatedAt" FROM sources
      WHERE partition = $1 AND epoch = $2`,
    [partition, epoch],
  );
  return rows[0];
}

export interface Progress {
  partition: number;
  epoch: bigint;
  position: number;
  streamCreatedAt: string;
  messageAt: Date;
  pending: number;
}

const moveSql = `
  UPDATE sources SET position = $3, stream_created_at = $4, message_at = $5, pending = $6
   WHERE partition = $1 AND epoch = $2`;

/**
 * Moves a position, in the database transaction of what was read up to it. False when the source
 * is no longer ours: nothing of this may be committed.
 */
export async function moveSource(client: pg.PoolClient, to: Progress): Promise<boolean> {
  const { partition, epoch, position, streamCreatedAt, messageAt, pending } = to;
  const { rowCount } = await client.query({
    name: 'move-source',
    text: moveSql,
    values: [partition, epoch, position, streamCreatedAt, messageAt, pending],
  });
  return rowCount === 1;
}

/** Seconds that the log is behind each stream; 0 where nothing waits. */
export async function readLag(pool: pg.Pool): Promise<{ stream: string; seconds: number }[]> {
  const { rows } = await pool.query<{ stream: string; seconds: number }>(
    `SELECT stream, CASE WHEN pending > 0
              THEN extract(epoch FROM now() - message_at)::float8 ELSE 0 END AS seconds
       FROM sources ORDER BY stream`,
  );
  return rows;
}
