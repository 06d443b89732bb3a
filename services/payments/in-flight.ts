/** So many at a time: whoever comes then waits, in order. */
export interface Slots {
  take(): Promise<void>;
  give(): void;
  taken(): number;
}

export function createSlots(most: number): Slots {
  const waiting: (() => void)[] = [];
  let free = most;
  return {
    take() {
      if (free === 0) return new Promise((resolve) => waiting.push(resolve));
      free--;
      return Promise.resolve();
    },
    give() {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    },
    taken: () => most - free,
  };
}

/** One after the other, in the order in which they queued up. */
export interface Turn {
  /** Resolves when everybody before is through. */
  come: Promise<void>;
  /** Lets the next one in. */
  done(): void;
}

/** @returns a function that queues up at once */
export function createTurns(): () => Turn {
  let last = Promise.resolve();
  return () => {
    const come = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    return { come, done: resolve };
  };
}
