/** Where time comes from. Domain code is handed a clock, so that tests and simulations own it. */
export interface Clock {
  /** Wall time in milliseconds since 1970, UTC. May jump. */
  nowMs(): number;
  /** Milliseconds that only ever grow, for measuring durations. Starts anywhere. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
