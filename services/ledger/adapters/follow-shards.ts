import { setTimeout as delay } from 'node:timers/promises';
import { KV_BUCKETS, SHARD_MAP_KEY, shardMap, type ShardMap } from '@florin/contracts';
import { faultText } from '@florin/kernel';
import { watchBucket, type Bus } from '@florin/messaging';
import type { Logger } from '@florin/runtime';
import type pg from 'pg';
import type { ShardPlace } from '../lane/shard-view.ts';
import { keptPartitions, type KeptPartitionsRow } from '../sql/kept-partitions.ts';

const LOOK_AGAIN_MS = 500;

export interface FollowedShards extends ShardPlace {
  readonly booksVersion: bigint;
  look(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Where the partitions are, while they move. What these books keep, they say themselves, and a
 * posting compares its version under its locks; where the others are, the map of the installation
 * tells, whose newest version wins over what this process was configured with.
 */
export async function followShards(options: {
  bus: Bus;
  pool: pg.Pool;
  shard: ShardPlace;
  log: Logger;
}): Promise<FollowedShards> {
  const { bus, pool, log } = options;
  const { own } = options.shard;
  let announced = options.shard.map;
  let books = await readBooks(pool);
  let map = mapNow(own, announced, books);

  const stopping = new AbortController();
  let asked = 0;
  let heard = 0;

  async function look(): Promise<void> {
    const turn = ++asked;
    const found = await readBooks(pool);
    // An answer may be overtaken by a newer one.
    if (turn < heard) return;
    heard = turn;
    books = found;
    map = mapNow(own, announced, books);
  }

  const watch = watchBucket(bus, KV_BUCKETS.shards, (key, value) => {
    if (key !== SHARD_MAP_KEY || value === undefined) return;
    const told = shardMap.safeParse(JSON.parse(value)).data;
    if (told === undefined || told.version <= announced.version) return;
    announced = told;
    map = mapNow(own, announced, books);
    log.info({ version: told.version }, 'partitions have moved between shards');
    void lookPatiently();
  });

  async function lookPatiently(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        return await look();
      } catch (error) {
        log.warn({ problem: faultText(error) }, 'what the books keep can’t be read yet');
        await delay(LOOK_AGAIN_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }
  return {
    own,
    get map() {
      return map;
    },
    get booksVersion() {
      return books.version;
    },
    look,
    stop() {
      stopping.abort();
      return watch.stop();
    },
  };
}

async function readBooks(pool: pg.Pool): Promise<KeptPartitionsRow> {
  const { rows } = await pool.query<KeptPartitionsRow>(keptPartitions);
  return rows[0] ?? { version: 0n, kept: [], elsewhere: {} };
}

/** The announced map, but for partitions that these books gave away or don't have yet. */
function mapNow(
  own: number,
  announced: ShardMap,
  { kept, elsewhere }: KeptPartitionsRow,
): ShardMap {
  const ours = new Set(kept);
  return {
    ...announced,
    partitions: announced.partitions.map((shard, partition) => {
      if (ours.has(partition)) return own;
      return shard === own ? (elsewhere[partition] ?? own) : shard;
    }),
  };
}
