import type { FeeSchedule } from '@florin/contracts';
import { request, type Bus } from '@florin/messaging';
import type { ShardPlace } from '../lane/shard-view.ts';
import { FIRST_SHARD } from './route-reads.ts';
import { contractOfShard } from './shard-contracts.ts';

/** How to ask for the fee schedule where it is set; undefined where that is here. */
export function newestFees(
  bus: Bus,
  shard: ShardPlace | undefined,
): (() => Promise<FeeSchedule | null>) | undefined {
  if (shard === undefined || shard.own === FIRST_SHARD) return undefined;
  return async () => (await request(bus, contractOfShard('getFees', FIRST_SHARD), {})).schedule;
}
