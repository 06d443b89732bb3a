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
 * Which part of the books this process keeps; undefined where all are in one place.
 *
 * All ledgers of an installation must go by one map: two that kept the same partition in different
 * databases would each decide about its money. So the first writes its map where all can see it,
 * and whoever was given another one does not start. A higher version replaces it.
 * @throws TerminalError when the settings contradict each other or the map of the installation
 */
export async function shardPlace(
  bus: Bus,
  settings: ShardSettings,
): Promise<ShardPlace | undefined> {
  const { shard: own, partitions } = settings;
  const map = settings.shardMap ?? { version: 1, partitions: Array<number>(partitions).fill(0) };
  if (map.partitions.length !== partitions) {
    throw new TerminalError(`SHARD_MAP must tell a shard for each of ${partitions} partitions`);
  }
  if (!map.partitions.includes(own)) throw new TerminalError(`SHARD_MAP has no shard ${own}`);
  await agree(bus, map);
  return shardCount(map) === 1 ? undefined : { own, map };
}

async function agree(bus: Bus, map: ShardMap): Promise<void> {
  const known = await readValue(bus, KV_BUCKETS.shards, SHARD_MAP_KEY);
  if (known !== undefined) {
    const agreed = shardMap.parse(JSON.parse(known.value));
    if (JSON.stringify(agreed.partitions) === JSON.stringify(map.partitions)) return;
    if (agreed.version >= map.version) {
      throw new TerminalError(
        `this installation goes by another shard map of version ${agreed.version}: ` +
          `ours is version ${map.version}`,
      );
    }
  }
  const text = JSON.stringify(map);
  const written = await replaceValue(bus, KV_BUCKETS.shards, SHARD_MAP_KEY, text, known);
  if (!written.ok) throw new RetryableError('somebody else tells of shards at the same time');
}
