import { RetryableError } from '@florin/kernel';
import CircuitBreaker from 'opossum';
import type { Metrics } from './metrics.ts';

/** closed: calls go through · open: calls are refused · half-open: one call may try. */
export type BreakerState = 'closed' | 'half-open' | 'open';

const GAUGE_OF = { closed: 0, 'half-open': 1, open: 2 } satisfies Record<BreakerState, number>;

/** The breaker is open: the call was never made, so nothing has happened at the other side. */
export class BreakerOpenError extends RetryableError {
  override name = 'BreakerOpenError';
}

/** No answer in time: the call may or may not have had its effect. */
export class CallTimeoutError extends RetryableError {
  override name = 'CallTimeoutError';
}

export interface BreakerOptions {
  /** A call that takes longer counts as failed. The call itself is not cancelled by this. */
  timeoutMs: number;
  /** The breaker opens when more than this share of the calls of the window failed. */
  errorThresholdPercentage: number;
  /** How long it stays open before one call may try again. */
  resetTimeoutMs: number;
  /** Fewer calls than this in the window never open it. */
  volumeThreshold: number;
  /** Length of the rolling window over which calls are counted; 10 s unless given. */
  windowMs?: number;
  /** Which thrown errors count against the other side (default all). All reach the caller. */
  isFailure?: (error: unknown) => boolean;
}

export interface Breaker<Args extends unknown[], R> {
  /** Makes the call. @throws BreakerOpenError, CallTimeoutError, or what the call threw */
  fire(...args: Args): Promise<R>;
  state(): BreakerState;
  onStateChange(listener: (state: BreakerState, before: BreakerState) => void): void;
  /** Ends its timers. Calls after that are refused as by an open breaker. */
  close(): void;
}

function explain(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || !CircuitBreaker.isOurError(error)) return error;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ETIMEDOUT') {
    return new CallTimeoutError(`${name} did not answer in time`, { cause: error });
  }
  return new BreakerOpenError(`${name} is not called at the moment`, { cause: error });
}

/** Sets the gauge from the first moment, so that a breaker that never moved shows as closed. */
function trackState(name: string, metrics: Metrics): (state: BreakerState) => void {
  const gauge = metrics.gauge({
    name: 'circuit_breaker_state',
    help: '0 closed, 1 half-open, 2 open',
    labelNames: ['bank'],
  });
  return (state) => gauge.set({ bank: name }, GAUGE_OF[state]);
}

function countCalls(name: string, opossum: CircuitBreaker<never>, metrics: Metrics): void {
  const calls = metrics.counter({
    name: 'circuit_breaker_calls_total',
    help: 'Calls through the circuit breaker by how they ended',
    labelNames: ['bank', 'result'],
  });
  opossum.on('success', () => calls.inc({ bank: name, result: 'success' }));
  // A timeout also counts as a failure in opossum: `failure` is all that went wrong.
  opossum.on('failure', () => calls.inc({ bank: name, result: 'failure' }));
  opossum.on('timeout', () => calls.inc({ bank: name, result: 'timeout' }));
  opossum.on('reject', () => calls.inc({ bank: name, result: 'rejected' }));
}

function createOpossum<Args extends unknown[], R>(
  name: string,
  call: (...args: Args) => Promise<R>,
  options: BreakerOptions,
): CircuitBreaker<Args, R> {
  const { isFailure } = options;
  return new CircuitBreaker<Args, R>(call, {
    name,
    timeout: options.timeoutMs,
    errorThresholdPercentage: options.errorThresholdPercentage,
    resetTimeout: options.resetTimeoutMs,
    volumeThreshold: options.volumeThreshold,
    rollingCountTimeout: options.windowMs ?? 10_000,
    // Latencies are a histogram of ours; opossum would sort them at every failure.
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    ...(isFailure && { errorFilter: (error: unknown) => !isFailure(error) }),
  });
}

/**
 * Guards calls to one neighbour, `name`: after too many failures it refuses calls at once instead
 * of piling them up, and lets a single one through from time to time to see if it is back.
 */
export function createBreaker<Args extends unknown[], R>(
  name: string,
  call: (...args: Args) => Promise<R>,
  options: BreakerOptions,
  metrics: Metrics,
): Breaker<Args, R> {
  const opossum = createOpossum(name, call, options);
  const listeners: ((state: BreakerState, before: BreakerState) => void)[] = [];
  const setGauge = trackState(name, metrics);
  let state: BreakerState = 'closed';
  setGauge(state);
  countCalls(name, opossum as unknown as CircuitBreaker<never>, metrics);
  const enter = (next: BreakerState) => (): void => {
    const before = state;
    state = next;
    setGauge(next);
    for (const listener of listeners) listener(next, before);
  };
  opossum.on('open', enter('open'));
  opossum.on('halfOpen', enter('half-open'));
  opossum.on('close', enter('closed'));
  return {
    fire: (...args) =>
      opossum.fire(...args).catch((error: unknown) => {
        throw explain(error, name);
      }),
    state: () => state,
    onStateChange: (listener) => void listeners.push(listener),
    close: () => opossum.shutdown(),
  };
}
