import { LEDGER_REQUESTS } from '@florin/contracts';
import { request } from '@florin/messaging';
import type pg from 'pg';
import type { ShardStage } from './shard-stage.ts';

/** What all shards say together, once nothing is under way. */
export interface ShardsChecked {
  credited: number;
  refused: number;
  /** Sums of all books and of the accounts between shards: 0 each. */
  books: bigint;
  transit: bigint;
  people: bigint;
  /** Payments that one shard knows of and the other does not, or twice, or of another amount. */
  lost: number;
  doubled: number;
  breaks: readonly { invariant: string; detail: string }[];
}

type Moved = Map<string, string>;

const sumOf = async (pools: readonly pg.Pool[], condition: string): Promise<bigint> => {
  const sums = await Promise.all(
    pools.map((pool) =>
      pool.query<{ sum: string }>(
        `SELECT coalesce(sum(posted), 0)::text AS sum FROM wallets WHERE ${condition}`,
      ),
    ),
  );
  return sums.reduce((total, { rows }) => total + BigInt(rows[0]?.sum ?? 0), 0n);
};

export const moneyOfPeople = ({ shards }: ShardStage): Promise<bigint> =>
  sumOf(
    shards.map(({ pool }) => pool),
    "kind = 'user'",
  );

/** Ids with their amounts; those of arrivals in the form that their transactions have. */
async function movedIn(pools: readonly pg.Pool[], query: string): Promise<[Moved, number]> {
  const moved: Moved = new Map();
  let doubled = 0;
  for (const pool of pools) {
    const { rows } = await pool.query<{ id: string; amount: string }>(query);
    for (const { id, amount } of rows) {
      const known = id.slice(0, 14) + (id[14] === '5' ? '7' : id[14]) + id.slice(15);
      if (moved.has(known)) doubled += 1;
      moved.set(known, amount);
    }
  }
  return [moved, doubled];
}

export async function checkShards(stage: ShardStage): Promise<ShardsChecked> {
  const pools = stage.shards.map(({ pool }) => pool);
  const of = (table: string, condition: string): string =>
    `SELECT transaction_id AS id, amount::text AS amount FROM ${table} WHERE ${condition}`;
  const [credited, twice] = await movedIn(pools, of('departures', 'credited'));
  const [refused] = await movedIn(pools, of('departures', 'credited IS NOT TRUE'));
  const [arrived, again] = await movedIn(pools, of('arrivals', 'true'));
  const missing = (from: Moved, to: Moved): number =>
    [...from].filter(([id, amount]) => to.get(id) !== amount).length;
  const { breaks } = await request(
    stage.bus,
    LEDGER_REQUESTS.verifyBooks,
    {},
    { timeoutMs: 600_000 },
  );
  return {
    credited: credited.size,
    refused: refused.size,
    books: await sumOf(pools, 'true'),
    transit: await sumOf(pools, "kind = 'transit'"),
    people: await moneyOfPeople(stage),
    lost: missing(credited, arrived) + missing(arrived, credited),
    doubled: twice + again,
    breaks,
  };
}
