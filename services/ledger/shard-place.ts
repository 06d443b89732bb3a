import { KV_BUCKETS, SHARD_MAP_KEY, shardCount, shardMap, type ShardMap } from '@florin/contracts';
import { RetryableError, TerminalError } from '@florin/kernel';
import { readValue, replaceValue, type Bus } from '@florin/messaging';
import type { ShardPlace } from './lane/shard-view.ts';

interface ShardSettings {
  shard: number;
  shardMap: ShardMap | undefined;
  partitions: number;
}

/**
 * Which part of the books this process keeps; undefined where it was told of no shards.
 *
 * All ledgers of an installation must go by one map: two that kept the same partition in different
 * databases would each decide about its money. So the first writes its map where all can see it,
 * and whoever was given another one of that version does not start. A higher version replaces it.
 * Partitions that were moved have made a newer one: it wins over what this process was given.
 * @throws TerminalError when the settings contradict each other or the map of the installation
 */
export async function shardPlace(
  bus: Bus,
  settings: ShardSettings,
): Promise<ShardPlace | undefined> {
  const { shard: own, partitions } = settings;
  const given = settings.shardMap ?? { version: 1, partitions: Array<number>(partitions).fill(0) };
  if (given.partitions.length !== partitions) {
    throw new TerminalError(`SHARD_MAP must tell a shard for each of ${partitions} partitions`);
  }
  const map = await agree(bus, given);
  if (own >= shardCount(map)) throw new TerminalError(`SHARD_MAP has no shard ${own}`);
  if (settings.shardMap !== undefined) return { own, map };
  if (shardCount(map) > 1) {
    throw new TerminalError(`there are ${shardCount(map)} shards: give SHARD and SHARD_MAP`);
  }
  return undefined;
}

/** The map that all go by from now on. */
async function agree(bus: Bus, map: ShardMap): Promise<ShardMap> {
  const known = await readValue(bus, KV_BUCKETS.shards, SHARD_MAP_KEY);
  if (known !== undefined) {
    const agreed = shardMap.parse(JSON.parse(known.value));
    if (agreed.version > map.version) return agreed;
    const isSame = JSON.stringify(agreed.partitions) === JSON.stringify(map.partitions);
    if (isSame && shardCount(agreed) === shardCount(map)) return map;
    const isMore = isSame && shardCount(agreed) < shardCount(map);
    if (agreed.version === map.version && !isMore) {
      throw new TerminalError(
        `this installation goes by another shard map of version ${agreed.version}: ` +
          `ours is version ${map.version}`,
      );
    }
  }
  const text = JSON.stringify(map);
  const written = await replaceValue(bus, KV_BUCKETS.shards, SHARD_MAP_KEY, text, known);
  if (!written.ok) throw new RetryableError('somebody else tells of shards at the same time');
  return map;
}
