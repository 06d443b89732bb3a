import { parseRate, type Currency, type Rate } from '@florin/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { priceConversion, priceOf, valueInBase } from './price-conversion.ts';
import { isStale, type RateTable } from './rate-table.ts';
import { spreadOf, spreads } from './spreads.ts';

const rate = (text: string): Rate => {
  const read = parseRate(text);
  if (!read.ok) throw new Error(read.error);
  return read.value;
};
const tableOf = (rates: Record<string, string>): RateTable => ({
  base: 'USD',
  publishedAtMs: 1_000,
  rates: new Map(
    Object.entries({ USD: '1', ...rates }).map(([code, text]) => [code as Currency, rate(text)]),
  ),
});

const TABLE = tableOf({ EUR: '0.8629', JPY: '151.37', BTC: '0.00001087', 'MILES/0': '100' });
const SPREADS = { default: 50, pairs: { 'USD-EUR': 25 } };
const NONE = { default: 0, pairs: {} };

describe('hunts amounts that are not what the rate says', () => {
  test.each([
    [100_00n, 'USD', 'EUR', '0.86074275', 8607n],
    [1n, 'JPY', 'USD', '0.0065733', 0n],
    [100n, 'JPY', 'USD', '0.0065732', 65n],
    [100_00n, 'USD', 'BTC', '0.00001081565', 108_156n],
    [100_00n, 'USD', 'MILES/0', '99.5', 9950n],
  ] as const)('%s %s in %s at %s is %s', (amount, from, to, told, expected) => {
    const terms = priceConversion(TABLE, SPREADS, { amount, from, to });
    if (expected === 0n) return expect(terms).toEqual({ ok: false, error: 'amount-too-small' });
    expect(terms).toMatchObject({ ok: true, value: { toAmount: String(expected) } });
    if (terms.ok) expect(terms.value.rate.startsWith(told.slice(0, 8))).toBe(true);
  });

  test.each([
    ['USD', 'GBP'],
    ['GBP', 'USD'],
    ['USD', 'USD'],
  ] as const)('from %s to %s there is none', (from, to) => {
    const terms = priceConversion(TABLE, SPREADS, { amount: 100n, from, to });
    expect(terms).toEqual({ ok: false, error: 'no-rate' });
  });

  test('more than may move at once is promised to nobody', () => {
    const asked = { amount: 10n ** 15n, from: 'USD', to: 'MILES/0' } as const;
    const refused = { ok: false, error: 'limit-exceeded' };
    expect(priceConversion(tableOf({ 'MILES/0': '1000' }), NONE, asked)).toEqual(refused);
    // A rate by mistake, and money worth more than numbers in the books are long.
    const odd = tableOf({ EUR: '0.000000001', JPY: '0.000000001' });
    const dear = { amount: 10n ** 13n, from: 'EUR', to: 'JPY' } as const;
    expect(priceConversion(odd, NONE, dear)).toEqual(refused);
  });

  test('what the spread keeps is what the values differ by, but for the rounding', () => {
    const terms = priceConversion(TABLE, SPREADS, { amount: 100_000n, from: 'USD', to: 'EUR' });
    if (!terms.ok) throw new Error(terms.error);
    const kept = BigInt(terms.value.fromValue) - BigInt(terms.value.toValue);
    expect(kept).toBeGreaterThanOrEqual(250n);
    expect(kept).toBeLessThanOrEqual(252n);
    expect(valueInBase(TABLE, -8629n, 'EUR')).toBe(-10_000n);
  });
});

test('hunts a gain: there and back nobody has more, at any rates and spreads', () => {
  const codes = ['USD', 'EUR', 'JPY', 'BTC', 'MILES/0'] as const;
  const anyRate = fc
    .tuple(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 0, max: 6 }))
    .map(([digits, places]) => (digits / 10 ** places).toFixed(places));
  const rates = fc.record({ EUR: anyRate, JPY: anyRate, BTC: anyRate, 'MILES/0': anyRate });
  const code = fc.constantFrom(...codes);
  const points = fc.integer({ min: 0, max: 300 });
  const amount = fc.bigInt({ min: 1n, max: 10n ** 13n });
  let converted = 0;
  fc.assert(
    fc.property(rates, points, code, code, amount, (told, usual, from, to, paid) => {
      if (Object.values(told).some((text) => !parseRate(text).ok)) return;
      const table = tableOf(told);
      const own = { default: usual, pairs: {} };
      const there = priceConversion(table, own, { amount: paid, from, to });
      if (!there.ok) return;
      const got = BigInt(there.value.toAmount);
      const back = priceConversion(table, own, { amount: got, from: to, to: from });
      if (!back.ok) return;
      converted += 1;
      expect(BigInt(back.value.toAmount)).toBeLessThanOrEqual(paid);
      expect(BigInt(there.value.toValue)).toBeLessThanOrEqual(BigInt(there.value.fromValue));
    }),
    { numRuns: 3000 },
  );
  expect(converted).toBeGreaterThan(500);
});

describe('hunts spreads and ages that are read wrong', () => {
  test('a pair counts in both directions', () => {
    expect(spreadOf(SPREADS, 'USD', 'EUR')).toBe(25);
    expect(spreadOf(SPREADS, 'EUR', 'USD')).toBe(25);
    expect(spreadOf(SPREADS, 'EUR', 'JPY')).toBe(50);
    expect(priceOf(TABLE, SPREADS, 'EUR', 'USD')?.spreadBasisPoints).toBe(25);
  });
  test.each([
    { default: -1 },
    { default: 0.5 },
    { default: 1, pairs: { USDEUR: 1 } },
    { default: 1, pairs: { 'USD-XXX': 1 } },
    {},
  ])('%j is no table of spreads', (told) => expect(spreads.safeParse(told).success).toBe(false));
  test.each([
    [1_000, false],
    [1_999, false],
    [2_000, true],
  ])('at %i ms rates of 1000 that last a second are stale: %s', (nowMs, stale) => {
    expect(isStale(TABLE, nowMs, 1_000)).toBe(stale);
  });
});
