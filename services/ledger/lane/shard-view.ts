import { shardOf, type ShardMap } from '@florin/contracts';
import { pairName, type OtherShards } from '../domain/shards.ts';

/** The shard that this process keeps the books of, among the others. */
export interface ShardPlace {
  own: number;
  map: ShardMap;
}

/** What the decisions of a batch may know of the other shards. */
export const otherShards = ({ own, map }: ShardPlace): OtherShards => ({
  isElsewhere: (walletId) => shardOf(map, walletId) !== own,
  pairOf: (walletId) => pairName(own, shardOf(map, walletId)),
  arrivals: new Map(),
});
