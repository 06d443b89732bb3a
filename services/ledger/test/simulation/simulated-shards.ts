import { shardOf, type ShardMap } from '@florin/contracts';
import { isArrivalId } from '../../domain/arrival-id.ts';
import { createMemoryServer, type MemoryServer, type Mutant } from './memory-server.ts';
import type { MemoryBooks } from './memory-session.ts';
import type { Row } from './memory-tables.ts';
import { PARTITIONS, type Attempt } from './simulated-ledger.ts';
import type { DatabaseWeather } from './simulated-pool.ts';

/** A part of the books: a database of its own, and what was committed there. */
export interface SimulatedShard {
  readonly own: number;
  readonly server: MemoryServer;
  readonly books: MemoryBooks;
  readonly weather: DatabaseWeather;
  /** Batches in the order of their commits. */
  readonly commits: Attempt[];
}

/** All books, for whoever may look everywhere: the simulation itself. */
export interface SimulatedShards {
  readonly all: readonly SimulatedShard[];
  /** Undefined where all books are in one place. */
  readonly map: ShardMap | undefined;
  /** Whatever may be done between shards is; else only transfers, which the auditor follows. */
  readonly isAnything: boolean;
  of(walletId: string): SimulatedShard;
  areApart(wallet: string, other: string): boolean;
  wallet(id: string): Row | undefined;
  /** In the shard of whoever asked for it; undefined where two shards have one, under one key. */
  transaction(id: string): Row | undefined;
}

/** The books in so many databases; each keeps every so-many-th partition. */
export function createSimulatedShards(
  { count, isAnything }: { count: number; isAnything: boolean },
  nowMs: () => number,
  mutant: Mutant,
): SimulatedShards {
  const map = {
    version: 1,
    partitions: Array.from({ length: PARTITIONS }, (_, partition) => partition % count),
  };
  const all = Array.from({ length: count }, (_, own) => createShard(own, nowMs, mutant));
  for (const [partition, own] of map.partitions.entries()) {
    const { partitions } = (all[own] as SimulatedShard).books.tables;
    partitions.set(String(partition), emptyPartition(partition));
  }
  const of = (walletId: string): SimulatedShard => all[shardOf(map, walletId)] as SimulatedShard;
  return {
    all,
    map: count === 1 ? undefined : map,
    isAnything: count > 1 && isAnything,
    of,
    areApart: (wallet, other) => of(wallet) !== of(other),
    wallet: (id) => of(id).books.tables.wallets.get(id),
    transaction(id) {
      if (isArrivalId(id)) return undefined;
      const told = all.map(({ books }) => books.tables.transactions.get(id));
      const found = told.filter((row) => row !== undefined);
      return found.length === 1 ? found[0] : undefined;
    },
  };
}

function createShard(own: number, nowMs: () => number, mutant: Mutant): SimulatedShard {
  const server = createMemoryServer(nowMs, mutant);
  const weather: DatabaseWeather = {
    wayMsMax: 10,
    lateShare: 0.002,
    lateMsMax: 8_000,
    brokenShare: 0.004,
    downUntilMs: 0,
  };
  return { own, server, books: server.books, weather, commits: [] };
}

const emptyPartition = (partition: number): Row => ({
  partition,
  epoch: 0n,
  owner: null,
  position: 0n,
  position_message: null,
  stream_created_at: null,
  event_sequence: 0n,
  published_sequence: 0n,
  watched_position: 0n,
  halted_reason: null,
});
