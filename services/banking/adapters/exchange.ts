import { faultText, type Clock } from '@florin/kernel';
import {
  BreakerOpenError,
  createBreaker,
  type BreakerOptions,
  type Logger,
  type Metrics,
} from '@florin/runtime';
import type { Circuit } from '../domain/circuit.ts';
import { isStale, type RateTable } from '../domain/rate-table.ts';
import type { FetchRates } from './rates-http.ts';

/** The provider of exchange rates behind its circuit breaker, and what it last published. */
export interface Exchange {
  readonly name: string;
  /** The last rates that are not stale; undefined when there are none to be had. */
  rates(): Promise<RateTable | undefined>;
  /** When the last known rates were published, stale or not. */
  publishedAtMs(): number | undefined;
  circuit(): Circuit;
  onCircuitChange(listener: (circuit: Circuit) => void): void;
  close(): void;
}

export interface ExchangeOptions {
  fetchRates: FetchRates;
  /** Rates are asked for again this long after the last answer. */
  refreshMs: number;
  /** Rates that were published longer ago are refused. */
  ageMsMax: number;
  breaker: BreakerOptions;
  clock: Pick<Clock, 'nowMs'>;
  metrics: Metrics;
  log: Logger;
}

const NAME = 'exchange-rates';

function exchangeMetrics(metrics: Metrics, ageSeconds: () => number | undefined) {
  metrics.gauge({
    name: 'exchange_rates_age_seconds',
    help: 'Time since the last known exchange rates were published; none before the first',
    collect() {
      const age = ageSeconds();
      if (age !== undefined) this.set(age);
    },
  });
  return metrics.counter({
    name: 'exchange_rate_requests_total',
    help: 'Calls to the provider of exchange rates by what they brought',
    labelNames: ['outcome'],
  });
}

/**
 * Keeps rates at hand: asked for again and again, so that quotes don't wait for the provider, and
 * at once by whoever needs some when there are none. One request at a time.
 */
export function openExchange(options: ExchangeOptions): Exchange {
  const { fetchRates, refreshMs, ageMsMax, clock, metrics, log } = options;
  let table: RateTable | undefined;
  let underWay: Promise<void> | undefined;
  const requests = exchangeMetrics(metrics, () =>
    table === undefined ? undefined : (clock.nowMs() - table.publishedAtMs) / 1000,
  );
  const breaker = createBreaker(NAME, fetchRates, options.breaker, metrics);

  async function ask(): Promise<void> {
    try {
      table = await breaker.fire();
      requests.inc({ outcome: 'ok' });
    } catch (error) {
      const blocked = error instanceof BreakerOpenError;
      requests.inc({ outcome: blocked ? 'blocked' : 'failed' });
      if (!blocked) log.warn({ reason: faultText(error) }, 'no exchange rates');
    }
  }

  const refresh = (): Promise<void> =>
    (underWay ??= ask().finally(() => {
      underWay = undefined;
    }));

  const current = (): RateTable | undefined =>
    table === undefined || isStale(table, clock.nowMs(), ageMsMax) ? undefined : table;

  void refresh();
  const timer = setInterval(() => void refresh(), refreshMs);
  return {
    name: NAME,
    async rates() {
      if (current() === undefined) await refresh();
      return current();
    },
    publishedAtMs: () => table?.publishedAtMs,
    circuit: breaker.state,
    onCircuitChange: (listener) => breaker.onStateChange(listener),
    close() {
      clearInterval(timer);
      breaker.close();
    },
  };
}
