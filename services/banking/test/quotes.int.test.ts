import { BANKING_REQUESTS, KV_BUCKETS, type BreakerState } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { createVerifier, isGenuineQuote, request, watchBucket } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBanking, type BankingProcess } from './banking-process.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';

let around: Surroundings;
let banking: BankingProcess;

beforeAll(async () => {
  around = await createSurroundings('quotes');
  banking = await startBanking({
    ...around.environment,
    RATES_REFRESH: '50ms',
    BREAKER_RESET: '200ms',
  });
});
afterAll(async () => {
  await banking?.stop();
  await around?.[Symbol.asyncDispose]();
});
beforeEach(() =>
  around.simulator.changeExchange({ behaviour: 'ok', ageMs: 0, rates: { EUR: '0.8629' } }),
);

const ask = (more: object = {}) =>
  request(around.bus, BANKING_REQUESTS.createQuote, {
    clientId: 'ana',
    fromCurrency: 'USD',
    toCurrency: 'EUR',
    fromAmount: '10000',
    ...more,
  });

async function promised(more: object = {}) {
  const answer = await eventually(async () => {
    const told = await ask(more);
    return told.ok && told;
  });
  return answer.quote;
}

describe('hunts quotes that are not what was promised', () => {
  test('a quote is kept with banking’s word on it, for whoever asked', async () => {
    const quote = await promised();
    expect(quote).toMatchObject({ rate: '0.86074275', midRate: '0.8629', toAmount: '8607' });
    const find = (id: string, clientId: string) =>
      request(around.bus, BANKING_REQUESTS.getQuote, { id, clientId });
    const { quote: kept } = await find(quote.id, 'ana');
    expect(kept).toMatchObject(quote);
    expect(kept && isGenuineQuote(createVerifier(around.keys), kept)).toBe(true);
    expect((await find(quote.id, 'ben')).quote).toBeNull();
    expect((await find(uuidv7(), 'ana')).quote).toBeNull();
  });

  test('it lasts as long as was asked for, and never longer than it may', async () => {
    const lastsMs = async (more: object) =>
      Date.parse((await promised(more)).expiresAt) - Date.now();
    expect(await lastsMs({ expiresInSeconds: 2 })).toBeLessThanOrEqual(2_000);
    expect(await lastsMs({ expiresInSeconds: 300 })).toBeLessThanOrEqual(30_000);
    expect(await lastsMs({})).toBeGreaterThan(20_000);
  });

  test('those that ended long ago are gone by themselves', async () => {
    const { pool } = { pool: around.database.hot };
    await pool.query(
      `INSERT INTO quotes (id, client_id, expires_at, signed)
       SELECT gen_random_uuid(), 'old', now() - interval '8 days', '{}' FROM generate_series(1, 5)`,
    );
    await promised();
    await promised();
    const { rows } = await pool.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM quotes WHERE client_id = 'old'",
    );
    expect(rows[0]?.n).toBe(0);
  });
});

describe('hunts promises that should not be made', () => {
  test.each([
    ['of one currency', { toCurrency: 'USD' }, 'no-rate'],
    ['of a currency without a rate', { toCurrency: 'GOLD/4' }, 'no-rate'],
    ['of too little', { fromCurrency: 'JPY', toCurrency: 'BTC', fromAmount: '0' }, undefined],
    ['of nothing left', { fromCurrency: 'IRR', fromAmount: '1' }, 'amount-too-small'],
  ])('%s', async (_what, more, code) => {
    if (code === undefined) return expect(ask(more)).rejects.toThrow('no question');
    await promised();
    expect(await ask(more)).toMatchObject({ ok: false, code });
  });

  test('stale rates: refused with their time, until there are new ones', async () => {
    await promised();
    await around.simulator.changeExchange({ ageMs: 600_000 });
    const refused = await eventually(async () => {
      const told = await ask();
      return !told.ok && told;
    });
    expect(refused).toMatchObject({ code: 'rate-stale', retryAfterSeconds: 1 });
    expect(refused.publishedAt).toBeDefined();
    expect(await request(around.bus, BANKING_REQUESTS.getRates, {})).toMatchObject({ ok: false });
    await around.simulator.changeExchange({ ageMs: 0 });
    await promised();
  });

  test('a breaker of its own: shown to operators, measured, and closed again', async () => {
    const board = new Map<string, BreakerState>();
    const watch = watchBucket(around.bus, KV_BUCKETS.breakers, (bank, json) => {
      if (json !== undefined) board.set(bank, JSON.parse(json) as BreakerState);
    });
    await promised();
    await around.simulator.changeExchange({ behaviour: 'down' });
    await eventually(() => board.get('exchange-rates')?.state === 'open');
    // Those that are known are good for a while.
    expect((await ask()).ok).toBe(true);
    expect(await banking.metric('circuit_breaker_state', { bank: 'exchange-rates' })).not.toBe(0);
    expect(await banking.metric('exchange_rates_age_seconds')).toBeGreaterThanOrEqual(0);
    await around.simulator.changeExchange({ behaviour: 'ok' });
    await eventually(() => board.get('exchange-rates')?.state === 'closed');
    expect(board.get('ok')?.state).toBe('closed');
    await watch.stop();
  });
});
