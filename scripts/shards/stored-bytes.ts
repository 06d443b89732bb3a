import { STREAMS } from '@florin/contracts';
import type { ShardStage } from './shard-stage.ts';

/** Bytes written so far: logs and databases of all shards, and the streams. */
export interface StoredBytes {
  wal: number;
  disk: number;
  streams: number;
}

export async function storedBytes({ shards, bus }: ShardStage): Promise<StoredBytes> {
  const stored: StoredBytes = { wal: 0, disk: 0, streams: 0 };
  for (const { pool } of shards) {
    const { rows } = await pool.query<{ wal: string; disk: string }>(
      `SELECT (pg_current_wal_lsn() - '0/0')::text AS wal,
              pg_database_size(current_database())::text AS disk`,
    );
    stored.wal += Number(rows[0]?.wal ?? 0);
    stored.disk += Number(rows[0]?.disk ?? 0);
  }
  for (const stream of [STREAMS.transactions, STREAMS.events]) {
    const answer = await bus.nc.request(`$JS.API.STREAM.INFO.${stream}`);
    stored.streams += answer.json<{ state: { bytes: number } }>().state.bytes;
  }
  return stored;
}

/** What was written between two readings, for each of so many transactions. */
export const bytesEach = (
  before: StoredBytes,
  after: StoredBytes,
  transactions: number,
): StoredBytes => ({
  wal: Math.round((after.wal - before.wal) / transactions),
  disk: Math.round((after.disk - before.disk) / transactions),
  streams: Math.round((after.streams - before.streams) / transactions),
});
