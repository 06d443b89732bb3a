import { createSeededRandom } from '../model/seeded-random.ts';

/** Draws that the simulator is made of. The same seed gives the same life. */
export interface Chance {
  /** True with probability `p`. */
  of(p: number): boolean;
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** Log-normal: half of the draws are below `median`. */
  around(median: number, spread: number): number;
  /** How often something happens that happens `mean` times on average (Poisson). */
  times(mean: number): number;
  one<T>(items: readonly T[]): T;
}

export function createChance(seed: number): Chance {
  const random = createSeededRandom(seed);
  const between = (low: number, high: number): number => low + (high - low) * random.next();
  const whole = (low: number, high: number): number => Math.floor(between(low, high + 1));
  return {
    of: (p) => random.next() < p,
    between,
    whole,
    around: (median, spread) => median * Math.exp(spread * random.normal()),
    times: (mean) => {
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = random.next(); product > limit; product *= random.next()) count += 1;
      return count;
    },
    one: (items) => items[whole(0, items.length - 1)] as (typeof items)[number],
  };
}
