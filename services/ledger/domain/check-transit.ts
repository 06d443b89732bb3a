import type { Currency } from '@florin/kernel';

/** What one shard says about money between it and another, in minor units. */
export interface Transit {
  pair: string;
  currency: Currency;
  /** Asked to be credited elsewhere, and not refused. */
  departed: bigint;
  /** Of that what was answered and paid into the account between the shards. */
  settled: bigint;
  /** Of that what waits for an answer. */
  open: bigint;
  /** Credited here for the other one. */
  arrived: bigint;
}

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
 *
 * Of all shards together: a partition that moves takes its part of the sums with it, and what it
 * sent before is answered between other shards than it departed between.
 */
export function checkTransit(
  first: readonly Transit[],
  middle: readonly Transit[],
  last: readonly Transit[],
): TransitBreak[] {
  const breaks: TransitBreak[] = [];
  const currencies = new Set([...first, ...middle, ...last].map(({ currency }) => currency));
  for (const currency of currencies) {
    const [before, meanwhile, after] = [first, middle, last].map((all) => sumOf(all, currency)) as [
      Sum,
      Sum,
      Sum,
    ];
    const isQuiet = before.open === 0n && after.open === 0n && before.settled === after.settled;
    const { arrived } = meanwhile;
    const isBroken = isQuiet
      ? arrived !== after.settled
      : before.settled > arrived || arrived > after.departed;
    if (!isBroken) continue;
    const pairs = new Set(last.map(({ pair }) => pair));
    breaks.push({
      invariant: INVARIANT,
      detail:
        `shards ${[...pairs].toSorted().join(', ')}: ${before.settled} ${currency} settled, ` +
        `${arrived} arrived, ${after.departed} departed`,
    });
  }
  return breaks;
}

type Sum = Pick<Transit, 'departed' | 'settled' | 'open' | 'arrived'>;

const sumOf = (all: readonly Transit[], wanted: Currency): Sum =>
  all
    .filter(({ currency }) => currency === wanted)
    .reduce(
      (sum, one) => ({
        departed: sum.departed + one.departed,
        settled: sum.settled + one.settled,
        open: sum.open + one.open,
        arrived: sum.arrived + one.arrived,
      }),
      { departed: 0n, settled: 0n, open: 0n, arrived: 0n },
    );
