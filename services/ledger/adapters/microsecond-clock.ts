import type { Clock } from '@florin/kernel';

/** Clocks that are put right step back by less. */
const STEP_BACK_US_MAX = 60_000_000;

/**
 * Microseconds since 1970 that grow with every call, so that each decision has a time of its own
 * and the order of decisions is the order of their times, also when the wall clock steps back a
 * little. One that steps back further was wrong before: it is followed, or holds would be taken for
 * over until the time comes that it had shown.
 */
export function createMicrosecondClock(clock: Clock): () => number {
  let last = 0;
  return () => {
    const now = Math.floor(clock.nowMs() * 1000);
    last = now < last - STEP_BACK_US_MAX ? now : Math.max(last + 1, now);
    return last;
  };
}
