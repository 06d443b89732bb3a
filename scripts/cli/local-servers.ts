import { KV_BUCKETS, SHARD_MAP_KEY, shardMap, type ShardMap } from '@florin/contracts';
import { readValue, type Bus } from '@florin/messaging';
import { shardDatabaseName } from '../platform/ledger-shards.ts';
import { databaseOf } from '../platform/service-plan.ts';

/** The database of a service on the same server. */
export function serviceDatabase(postgresUrl: string, service: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${databaseOf(service)}`;
  return url.href;
}

/** The database of a ledger shard on the same server. */
export function shardDatabase(postgresUrl: string, shard: number): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${shardDatabaseName(shard)}`;
  return url.href;
}

/** By which map the installation goes; one shard where nobody has told of a map. */
export async function readShardMap(bus: Bus): Promise<ShardMap> {
  const known = await readValue(bus, KV_BUCKETS.shards, SHARD_MAP_KEY);
  if (known === undefined) return { version: 0, partitions: [0] };
  return shardMap.parse(JSON.parse(known.value));
}
