import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  convert,
  crossRate,
  CURRENCIES,
  exponentOf,
  formatAmount,
  formatRate,
  isCurrency,
  lessSpread,
  parseRate,
  unitsPerDollarOf,
  worthOfCents,
  type Currency,
  type Rate,
} from './mod.ts';

const rateOf = (text: string): Rate => {
  const rate = parseRate(text);
  if (!rate.ok) throw new Error(rate.error);
  return rate.value;
};

describe('hunts codes that are taken for money and are none', () => {
  test.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['UYW', 4],
    ['BTC', 8],
    ['MILES/0', 0],
    ['GOLD/4', 4],
  ])('%s has %i decimals', (code, decimals) => {
    expect(isCurrency(code)).toBe(true);
    expect(exponentOf(code as Currency)).toBe(decimals);
  });
  test.each(['XXX', 'XTS', 'usd', 'US', 'DEM', 'USD/2', 'MILES', 'MILES/9', 'MILES/-1', 'M/0', ''])(
    '%j is none',
    (code) => expect(isCurrency(code)).toBe(false),
  );
  test('every listed one has a worth and decimals', () => {
    expect(CURRENCIES.length).toBeGreaterThan(150);
    for (const code of CURRENCIES) {
      expect(parseRate(unitsPerDollarOf(code) ?? '').ok).toBe(true);
      expect([0, 2, 3, 4, 8]).toContain(exponentOf(code));
    }
    expect(formatAmount(1n, 'GOLD/4')).toBe('0.0001');
    expect(worthOfCents(100_000n, 'JPY', '100')).toBe(100_000n);
    expect(worthOfCents(100_000n, 'BTC', '0.00001')).toBe(1_000_000n);
  });
});

describe('hunts rates that are read as something else', () => {
  test.each(['1', '0.5', '151.37', '0.000000000000000001', '123456789012345678'])('%s', (text) => {
    expect(parseRate(text).ok).toBe(true);
  });
  test.each(['0', '0.0', '-1', '+1', '1e3', '.5', '1.', '01', '', 'NaN', '1,5', '9'.repeat(19)])(
    '%j is none',
    (text) => expect(parseRate(text).ok).toBe(false),
  );
  test.each([
    ['1', '3', '0.333333333333'],
    ['2', '3', '0.666666666666'],
    ['1', '100000', '0.00001'],
    ['151.37', '1', '151.37'],
    ['1', '151.37', '0.00660632886305'],
    ['100000', '3', '33333.3333333'],
    ['12345678901234', '1', '12345678901234'],
  ])('%s for %s is written %s', (numerator, denominator, text) => {
    expect(formatRate(crossRate(rateOf(denominator), rateOf(numerator)))).toBe(text);
  });
});

describe('hunts money that comes from rounding', () => {
  const currency = fc.constantFrom<Currency>('USD', 'JPY', 'KWD', 'CLF', 'BTC', 'MILES/0');
  // As wide as the widest pair there may be: a satoshi and the weakest currency.
  const rate = fc.record({
    numerator: fc.bigInt({ min: 1n, max: 10n ** 9n }),
    denominator: fc.bigInt({ min: 1n, max: 10n ** 6n }),
  });
  const amount = fc.bigInt({ min: 1n, max: 10n ** 15n });
  const spread = fc.integer({ min: 0, max: 500 });

  test('there and back, never more than at first, whatever the currencies and the spread', () => {
    fc.assert(
      fc.property(
        amount,
        currency,
        currency,
        rate,
        rate,
        spread,
        (paid, from, to, a, b, points) => {
          const there = rateOf(formatRate(lessSpread(crossRate(a, b), points)));
          const back = rateOf(formatRate(lessSpread(crossRate(b, a), points)));
          const got = convert(paid, there, from, to);
          expect(convert(got, back, to, from)).toBeLessThanOrEqual(paid);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test('round a triangle, never more than at first', () => {
    fc.assert(
      fc.property(amount, rate, rate, rate, (paid, a, b, c) => {
        const way = (one: Rate, other: Rate) => rateOf(formatRate(crossRate(one, other)));
        const second = convert(paid, way(a, b), 'USD', 'JPY');
        const third = convert(second, way(b, c), 'JPY', 'BTC');
        expect(convert(third, way(c, a), 'BTC', 'USD')).toBeLessThanOrEqual(paid);
      }),
      { numRuns: 5000 },
    );
  });

  test('in parts never more than at once', () => {
    fc.assert(
      fc.property(amount, amount, currency, currency, rate, (one, other, from, to, at) => {
        const parts = convert(one, at, from, to) + convert(other, at, from, to);
        expect(parts).toBeLessThanOrEqual(convert(one + other, at, from, to));
      }),
    );
  });

  test('what is written is never more than the rate, and less by a part in 10^11 at most', () => {
    fc.assert(
      fc.property(rate, ({ numerator, denominator }) => {
        const read = rateOf(formatRate({ numerator, denominator }));
        const exact = numerator * read.denominator;
        const told = read.numerator * denominator;
        expect(told).toBeLessThanOrEqual(exact);
        if (numerator * 10n ** 6n > denominator) {
          expect((exact - told) * 10n ** 11n).toBeLessThanOrEqual(exact);
        }
      }),
    );
  });
});
