import { describe, expect, test } from 'vitest';
import { AMOUNT_MAX, formatAmount, parseAmount } from './mod.ts';

describe('parseAmount lets nothing through that is not a whole positive amount', () => {
  test.each([
    ['2500', 2500n],
    [2500, 2500n],
    ['1', 1n],
    [String(AMOUNT_MAX), AMOUNT_MAX],
  ])('%j is %s', (input, amount) => {
    expect(parseAmount(input)).toEqual({ ok: true, value: amount });
  });

  test.each([
    0,
    '0',
    -1,
    '-1',
    '+1',
    '01',
    '1.0',
    1.5,
    '1e3',
    'Infinity',
    NaN,
    Infinity,
    '',
    ' 1',
    '1 ',
    '0x10',
    null,
    undefined,
    true,
    [],
    {},
    ['1'],
    2 ** 53,
    '9'.repeat(40),
    String(AMOUNT_MAX + 1n),
    '１',
  ])('%j is refused', (input) => {
    expect(parseAmount(input).ok).toBe(false);
  });
});

describe('formatAmount places the point by the currency’s exponent', () => {
  test.each([
    [2500n, 'USD', '25.00'],
    [5n, 'USD', '0.05'],
    [-5n, 'USD', '-0.05'],
    [25n, 'JPY', '25'],
    [1n, 'BTC', '0.00000001'],
    [123456789n, 'KWD', '123456.789'],
  ] as const)('%s %s is %s', (amount, currency, text) => {
    expect(formatAmount(amount, currency)).toBe(text);
  });
});
