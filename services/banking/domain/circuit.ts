/** How a bank's circuit breaker stands: open lets nothing out, half-open a single call. */
export type Circuit = 'closed' | 'half-open' | 'open';

export const isCallable = (circuit: Circuit): boolean => circuit !== 'open';

/** How many more payments of a bank to take up: in half-open one, to see whether it is back. */
export function roomFor(circuit: Circuit, inFlight: number, limit: number): number {
  const allowed = circuit === 'half-open' ? 1 : limit;
  return Math.max(0, allowed - inFlight);
}
