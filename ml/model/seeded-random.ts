export interface SeededRandom {
  /** A number in [0, 1). */
  next(): number;
  /** A draw from the standard normal distribution. */
  normal(): number;
  /** Reorders `items` in place, every order being equally likely. */
  shuffle(items: Uint32Array): void;
}

/** Numbers that look random and are the same for the same seed on every machine (mulberry32). */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    // Box and Muller; 1 - next() is never zero, whose logarithm would be infinite.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle: (items) => {
      for (let last = items.length - 1; last > 0; last--) {
        const other = Math.floor(next() * (last + 1));
        const kept = items[last] as number;
        items[last] = items[other] as number;
        items[other] = kept;
      }
    },
  };
}
