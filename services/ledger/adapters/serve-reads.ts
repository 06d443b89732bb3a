import { serve, type Bus, type RequestContract, type Served } from '@florin/messaging';
import type { ShardPlace } from '../lane/shard-view.ts';
import { asking } from './asking.ts';
import type { LedgerReads, Requests } from './ledger-reads.ts';
import { routeReads } from './route-reads.ts';
import { CONTRACTS, contractOfShard, NAMES, NAMES_BETWEEN_SHARDS } from './shard-contracts.ts';

/** Checking the books reads all of them: never twice at once. */
const optionsOf = (name: string) => (name === 'verifyBooks' ? { maxInFlight: 1 } : {});

function serveOne(bus: Bus, contract: RequestContract, reads: LedgerReads, name: keyof Requests) {
  const read = reads[name] as (request: unknown) => Promise<unknown>;
  return serve(bus, contract, asking(read), optionsOf(name));
}

/**
 * Answers what other services ask of the books. Where they are in several shards, whichever ledger
 * is asked answers for all: it asks those that know.
 */
export function serveReads(bus: Bus, reads: LedgerReads, shard: ShardPlace | undefined): Served[] {
  if (shard === undefined) {
    return NAMES.map((name) => serveOne(bus, CONTRACTS[name], reads, name));
  }
  const routed = routeReads(bus, shard, reads);
  return [
    ...NAMES.map((name) => serveOne(bus, CONTRACTS[name], routed, name)),
    ...[...NAMES, ...NAMES_BETWEEN_SHARDS].map((name) =>
      serveOne(bus, contractOfShard(name, shard.own), reads, name),
    ),
  ];
}
