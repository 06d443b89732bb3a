import { StatementError } from './memory-tables.ts';

interface Waiting {
  who: object;
  resolve(): void;
  reject(error: Error): void;
}

/** Exclusive locks, each handed on in the order in which they were asked for. */
export interface RowLocks {
  /** @throws StatementError 40P01 when waiting for it would be waiting for oneself */
  take(who: object, key: string): Promise<void>;
  isFree(who: object, key: string): boolean;
  /** Gives all of them back, and waits for none any more. */
  release(who: object): void;
}

export function createRowLocks(): RowLocks {
  const holders = new Map<string, object>();
  const waiting = new Map<string, Waiting[]>();
  const awaited = new Map<object, string>();

  function isDeadlock(who: object, key: string): boolean {
    let holder = holders.get(key);
    while (holder !== undefined) {
      if (holder === who) return true;
      const next = awaited.get(holder);
      holder = next === undefined ? undefined : holders.get(next);
    }
    return false;
  }

  function handOn(key: string): void {
    const next = waiting.get(key)?.shift();
    if (next === undefined) {
      holders.delete(key);
      return;
    }
    holders.set(key, next.who);
    awaited.delete(next.who);
    next.resolve();
  }

  return {
    async take(who, key) {
      const holder = holders.get(key);
      if (holder === who) return;
      if (holder === undefined) {
        holders.set(key, who);
        return;
      }
      if (isDeadlock(who, key)) throw new StatementError('40P01', 'deadlock detected');
      await new Promise<void>((resolve, reject) => {
        waiting.set(key, [...(waiting.get(key) ?? []), { who, resolve, reject }]);
        awaited.set(who, key);
      });
    },
    isFree: (who, key) => (holders.get(key) ?? who) === who,
    release(who) {
      const key = awaited.get(who);
      if (key !== undefined) {
        const queue = waiting.get(key) ?? [];
        const asked = queue.find((one) => one.who === who);
        waiting.set(
          key,
          queue.filter((one) => one !== asked),
        );
        awaited.delete(who);
        asked?.reject(new StatementError('57P01', 'the session ended', 'FATAL'));
      }
      const own = [...holders].filter(([, holder]) => holder === who);
      for (const [held] of own) handOn(held);
    },
  };
}
