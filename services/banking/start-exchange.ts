import { BANKING_REQUESTS } from '@florin/contracts';
import { createSigner, serve, type Bus } from '@florin/messaging';
import type { Database } from '@florin/postgres';
import type { Service } from '@florin/runtime';
import { openExchange, type Exchange } from './adapters/exchange.ts';
import { createQuoteStore } from './adapters/quote-store.ts';
import { createRatesHttp } from './adapters/rates-http.ts';
import { exchangeBreakerOf, ownSigningKey, type BankingConfig } from './config.ts';
import { createPromiseRate } from './promise-rate.ts';

/** Where an installation has no provider of rates, nothing is converted. */
const NO_EXCHANGE: Pick<Exchange, 'rates' | 'publishedAtMs'> = {
  rates: () => Promise.resolve(undefined),
  publishedAtMs: () => undefined,
};

function open(service: Service, config: BankingConfig): Exchange | undefined {
  const { clock, metrics, log, onStop } = service;
  const { ratesUrl: url, requestTimeoutMs, ratesRefreshMs, ratesAgeMsMax } = config;
  if (url === undefined) return undefined;
  const exchange = openExchange({
    fetchRates: createRatesHttp({ url, requestTimeoutMs, nowMs: clock.nowMs }),
    refreshMs: ratesRefreshMs,
    ageMsMax: ratesAgeMsMax,
    breaker: exchangeBreakerOf(config),
    clock,
    metrics,
    log,
  });
  onStop('exchange', async () => exchange.close());
  return exchange;
}

/** Follows exchange rates and answers what others ask of them. Undefined without a provider. */
export function startExchange(
  service: Service,
  bus: Bus,
  config: BankingConfig,
  pool: Database['hot'],
): Exchange | undefined {
  const { clock, metrics, onStop } = service;
  const exchange = open(service, config);
  const promiseRate = createPromiseRate({
    exchange: exchange ?? NO_EXCHANGE,
    store: createQuoteStore(pool, clock.nowMs),
    spreads: config.spreads,
    sign: createSigner({ ...ownSigningKey(config), nowMs: clock.nowMs }),
    quoteMs: config.quoteMs,
    ageMsMax: config.ratesAgeMsMax,
    retryAfterMs: config.breakerResetMs,
    clock,
    metrics,
  });
  const served = [
    serve(bus, BANKING_REQUESTS.getRates, promiseRate.getRates),
    serve(bus, BANKING_REQUESTS.createQuote, promiseRate.createQuote),
    serve(bus, BANKING_REQUESTS.getQuote, promiseRate.getQuote),
  ];
  onStop('rates', async () => void (await Promise.all(served.map((one) => one.stop()))));
  return exchange;
}
