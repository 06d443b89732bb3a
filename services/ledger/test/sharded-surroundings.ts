import { shardOf, type ShardMap } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import { createHotPool } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import type pg from 'pg';
import { openSurroundings, PARTITIONS, type Surroundings } from './ledger-surroundings.ts';

/** Two shards, partition by partition. */
export const shardMap: ShardMap = { version: 1, partitions: [0, 1, 0, 1] };

export interface ShardedSurroundings extends Surroundings {
  /** Another ledger of the second shard, after the first one of it was stopped. */
  startSecond(): ReturnType<Surroundings['startOne']>;
  /** A wallet with 1000 in it, in the shard that is wanted. All of them have one owner. */
  walletIn(shard: number, currency?: string): Promise<string>;
}

/** Books in two databases, with a ledger for each. */
export async function openShardedSurroundings({ clock }: { clock?: Clock } = {}) {
  const around = await openSurroundings(PARTITIONS);
  const url = await freshDatabase('ledger_lanes', new URL('../migrations', import.meta.url));
  const pools: pg.Pool[] = [];
  const ofAll = { ...(clock && { clock }) };
  function poolOf(applicationName: string, max = 2): pg.Pool {
    const pool = createHotPool({ url, applicationName, max, pipeline: true });
    pools.push(pool);
    return pool;
  }
  const sharded: ShardedSurroundings = {
    ...around,
    startSecond: () =>
      around.startOne('shard-1', {
        shard: { own: 1, map: shardMap },
        ...ofAll,
        postings: poolOf('postings'),
        reads: poolOf('reads'),
        leases: poolOf('leases', 1),
      }),
    async walletIn(shard, currency = 'USD') {
      for (;;) {
        const wallet = await around.fundedWallet('1000', currency);
        if (shardOf(shardMap, wallet) === shard) return wallet;
      }
    },
    async close() {
      await around.close();
      for (const pool of pools) await pool.end();
    },
  };
  await around.startOne('shard-0', { shard: { own: 0, map: shardMap }, ...ofAll });
  await sharded.startSecond();
  return sharded;
}
