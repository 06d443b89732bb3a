import { shardOf, type ShardMap } from '@florin/contracts';
import { pairName, type OtherShards } from '../domain/shards.ts';

/** The shard that this process keeps the books of, among the others. */
export interface ShardPlace {
  readonly own: number;
  readonly map: ShardMap;
  /** Of what the books keep; it grows when a partition leaves them or comes to them. */
  readonly booksVersion?: bigint;
  /** Reads again what the books keep. Absent where that never changes. */
  look?(): Promise<void>;
}

/** As it is now: a batch goes by one map from its beginning to its end. */
export const placeNow = (place: ShardPlace | undefined): ShardPlace | undefined =>
  place && { ...place };

/** Those that keep a partition. */
export const shardsInUse = ({ partitions }: ShardMap): number[] =>
  [...new Set(partitions)].toSorted((a, b) => a - b);

export const othersOf = ({ own, map }: ShardPlace): number[] =>
  shardsInUse(map).filter((shard) => shard !== own);

/** What the decisions of a batch may know of the other shards. */
export const otherShards = ({ own, map }: ShardPlace): OtherShards => ({
  isElsewhere: (walletId) => shardOf(map, walletId) !== own,
  pairOf: (walletId) => pairName(own, shardOf(map, walletId)),
  arrivals: new Map(),
});
