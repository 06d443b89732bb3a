import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, createMetrics, type Metrics } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { openExchange, type Exchange } from '../adapters/exchange.ts';
import { createRatesHttp } from '../adapters/rates-http.ts';

const opened: { server: Server; exchange: Exchange }[] = [];

afterEach(() => {
  for (const { server, exchange } of opened.splice(0)) {
    exchange.close();
    server.closeAllConnections();
    server.close();
  }
});

const AGE_MS_MAX = 60_000;

/** A provider that answers as written, what is known of it, and a clock that is set by hand. */
async function provider(script: RequestListener, requestTimeoutMs = 5_000) {
  const server = createServer(script);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  const metrics = createMetrics('banking');
  const clock = { nowMs: () => nowMs };
  const exchange = openExchange({
    fetchRates: createRatesHttp({
      url: `http://127.0.0.1:${port}/rates`,
      requestTimeoutMs,
      nowMs: clock.nowMs,
    }),
    // Asked for by the tests alone.
    refreshMs: 3_600_000,
    ageMsMax: AGE_MS_MAX,
    breaker: {
      timeoutMs: 6_000,
      errorThresholdPercentage: 50,
      volumeThreshold: 3,
      resetTimeoutMs: 100,
      windowMs: 60_000,
    },
    clock,
    metrics,
    log: createLogger('banking', 'fatal'),
  });
  opened.push({ server, exchange });
  return { exchange, metrics, pass: (ms: number) => void (nowMs += ms) };
}

const published = (body: object) => `{"base":"USD",${JSON.stringify(body).slice(1)}`;
const PUBLISHED = published({
  publishedAt: '2026-01-01T00:00:00.000Z',
  rates: { EUR: '0.8629', ODD: '1' },
});

async function outcomes(metrics: Metrics): Promise<Record<string, number>> {
  const metric = await metrics.registry.getSingleMetric('exchange_rate_requests_total')?.get();
  return Object.fromEntries(
    (metric?.values ?? []).map(({ labels, value }) => [String(labels['outcome']), value]),
  );
}

describe('hunts rates that nobody published, or somebody did too long ago', () => {
  test('rates are asked for once and kept; unknown currencies are left out', async () => {
    let asked = 0;
    const { exchange } = await provider((_request, response) => {
      asked += 1;
      response.end(PUBLISHED);
    });
    const tables = await Promise.all(Array.from({ length: 50 }, () => exchange.rates()));
    expect(asked).toBe(1);
    expect([...(tables[49]?.rates.keys() ?? [])].toSorted()).toEqual(['EUR', 'USD']);
  });

  test('stale ones are asked for anew, and are none when they stay as they were', async () => {
    const { exchange, pass } = await provider((_request, response) => response.end(PUBLISHED));
    expect(await exchange.rates()).toBeDefined();
    pass(AGE_MS_MAX - 1);
    expect(await exchange.rates()).toBeDefined();
    pass(1);
    expect(await exchange.rates()).toBeUndefined();
    expect(exchange.publishedAtMs()).toBe(Date.parse('2026-01-01T00:00:00Z'));
  });

  test('a provider whose clock is ahead doesn’t keep its rates young', async () => {
    const body = published({ publishedAt: '2027-01-01T00:00:00.000Z', rates: { EUR: '1' } });
    const { exchange, pass } = await provider((_request, response) => response.end(body));
    await exchange.rates();
    pass(AGE_MS_MAX);
    expect(exchange.publishedAtMs()).toBe(Date.parse('2026-01-01T00:00:00Z'));
  });

  test.each([
    ['a rate of nothing', published({ publishedAt: '2026-01-01T00:00:00Z', rates: { EUR: '0' } })],
    ['a rate below it', published({ publishedAt: '2026-01-01T00:00:00Z', rates: { EUR: '-1' } })],
    ['numbers', published({ publishedAt: '2026-01-01T00:00:00Z', rates: { EUR: 0.8 } })],
    ['no time', published({ rates: { EUR: '1' } })],
    ['no JSON', '<html>'],
    ['far too much', `"${'x'.repeat(300_000)}"`],
  ])('%s are no rates', async (_what, body) => {
    const { exchange } = await provider((_request, response) => response.end(body));
    expect(await exchange.rates()).toBeUndefined();
  });
});

describe('hunts calls that pile up at a provider that is away', () => {
  test('the breaker opens, refuses at once, lets one try, and closes when it is back', async () => {
    let asked = 0;
    let works = false;
    const { exchange, metrics } = await provider((_request, response) => {
      asked += 1;
      response.statusCode = works ? 200 : 500;
      response.end(PUBLISHED);
    });
    const seen: string[] = [];
    exchange.onCircuitChange((circuit) => seen.push(circuit));
    for (let n = 0; n < 3; n++) await exchange.rates();
    expect(exchange.circuit()).toBe('open');
    const before = asked;
    for (let n = 0; n < 20; n++) expect(await exchange.rates()).toBeUndefined();
    expect(asked).toBe(before);
    expect((await outcomes(metrics))['blocked']).toBeGreaterThanOrEqual(20);
    works = true;
    await eventually(async () => (await exchange.rates()) !== undefined);
    expect(seen).toEqual(['open', 'half-open', 'closed']);
    const gauge = await metrics.registry.getSingleMetric('circuit_breaker_state')?.get();
    expect(gauge?.values).toMatchObject([{ labels: { bank: 'exchange-rates' }, value: 0 }]);
  });

  test('whoever waits for one that hangs waits no longer than a request may take', async () => {
    const { exchange } = await provider(() => undefined, 100);
    expect(await exchange.rates()).toBeUndefined();
  });

  test('known rates are used while it is away, until they are stale', async () => {
    let works = true;
    const { exchange, pass } = await provider((_request, response) => {
      response.statusCode = works ? 200 : 500;
      response.end(PUBLISHED);
    });
    await exchange.rates();
    works = false;
    pass(AGE_MS_MAX / 2);
    expect(await exchange.rates()).toBeDefined();
    pass(AGE_MS_MAX / 2);
    expect(await exchange.rates()).toBeUndefined();
  });
});
