import type { Clock } from '@florin/kernel';

/**
 * Microseconds since 1970 that grow with every call, so that each decision has a time of its own
 * and the order of decisions is the order of their times, also when the wall clock steps back.
 */
export function createMicrosecondClock(clock: Clock): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor(clock.nowMs() * 1000));
    return last;
  };
}
