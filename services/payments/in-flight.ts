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
