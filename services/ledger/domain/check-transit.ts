import { pairName } from './shards.ts';

/** What one shard says about money between it and the others, in minor units. */
export interface Transit {
  pair: string;
  currency: string;
  /** Asked to be credited elsewhere, and not refused. */
  departed: bigint;
  /** Of that what was answered and paid into the account between the shards. */
  settled: bigint;
  /** Of that what waits for an answer. */
  open: bigint;
  /** Credited here for the other one. */
  arrived: bigint;
}

/** What each shard said, by its number. */
export type TransitOfShards = ReadonlyMap<number, readonly Transit[]>;

export interface TransitBreak {
  invariant: string;
  detail: string;
}

const INVARIANT = 'I1 money between shards nets to zero';

/**
 * Conservation over all shards, from sums that were read one after the other while payments went
 * on. All of them only grow, and each payment departs, then arrives, then is settled. So what had
 * been settled first was credited by then, and what was credited by then had departed in the end.
 * Where nothing was under way meanwhile, they are the same.
 */
export function checkTransit(
  first: TransitOfShards,
  middle: TransitOfShards,
  last: TransitOfShards,
): TransitBreak[] {
  const breaks: TransitBreak[] = [];
  for (const [from, to, currency] of waysOf([first, middle, last])) {
    const before = lookUp(first, from, to, currency);
    const after = lookUp(last, from, to, currency);
    const { arrived } = lookUp(middle, to, from, currency);
    const isQuiet = before.open === 0n && after.open === 0n && before.settled === after.settled;
    const isBroken = isQuiet
      ? arrived !== after.settled
      : before.settled > arrived || arrived > after.departed;
    if (!isBroken) continue;
    breaks.push({
      invariant: INVARIANT,
      detail:
        `shard ${from} to ${to}: ${before.settled} ${currency} settled, ${arrived} arrived, ` +
        `${after.departed} departed`,
    });
  }
  return breaks;
}

const NOTHING = { departed: 0n, settled: 0n, open: 0n, arrived: 0n };

function lookUp(shards: TransitOfShards, shard: number, other: number, currency: string) {
  const pair = pairName(shard, other);
  const found = shards.get(shard)?.find((one) => one.pair === pair && one.currency === currency);
  return found ?? NOTHING;
}

/** Every direction and currency in which anything ever moved. */
function waysOf(reads: readonly TransitOfShards[]): [number, number, string][] {
  const ways = new Map<string, [number, number, string]>();
  for (const { pair, currency } of reads.flatMap((read) => [...read.values()].flat())) {
    const [low = 0, high = 0] = pair.split('-').map(Number);
    ways.set(`${low} ${high} ${currency}`, [low, high, currency]);
    ways.set(`${high} ${low} ${currency}`, [high, low, currency]);
  }
  return [...ways.values()];
}
