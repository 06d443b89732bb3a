import { partitionsOfShard } from '@florin/contracts';
import { TerminalError } from '@florin/kernel';
import { ensurePartitions } from '@florin/postgres';
import type pg from 'pg';
import type { ShardPlace } from './lane/shard-view.ts';
import { keptPartitions, type KeptPartitionsRow } from './sql/kept-partitions.ts';

const listMoves = `SELECT partition, ended_at IS NULL AS "isUnderWay" FROM partition_moves`;

/**
 * Fills the table of partitions of a new shard; of one that has them, compares them with the map. A
 * database that partitions have left or come to says itself what it keeps: a row that is missing
 * there is missing for good, as its history lies elsewhere.
 * @throws TerminalError when it keeps others than the map says
 */
export async function keepPartitions(pool: pg.Pool, { own, map }: ShardPlace): Promise<void> {
  const wanted = partitionsOfShard(map, own);
  const { rows: moves } = await pool.query<{ partition: number; isUnderWay: boolean }>(listMoves);
  if (moves.length === 0 && wanted.length > 0) return ensurePartitions(pool, wanted);
  const { rows } = await pool.query<KeptPartitionsRow>(keptPartitions);
  const kept = rows[0]?.kept ?? [];
  const moving = new Set(moves.filter((move) => move.isUnderWay).map(({ partition }) => partition));
  const settled = (all: readonly number[]) => all.filter((one) => !moving.has(one)).join();
  if (settled(kept) === settled(wanted)) return;
  throw new TerminalError(
    `this database keeps partitions ${kept.join()} and can’t be run with ${wanted.join()}`,
  );
}
