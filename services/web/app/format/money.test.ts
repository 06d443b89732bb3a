import { describe, expect, test } from 'vitest';
import { formatMoney, moneyParts, parseMoney } from './money.ts';

describe('no amount that somebody typed is read as another', () => {
  test.each([
    ['25', 'USD', 'en', 2500n],
    ['25.5', 'USD', 'en', 2550n],
    ['25,50', 'EUR', 'de', 2550n],
    ['1,234.56', 'USD', 'en', 123456n],
    ['1.234,56', 'EUR', 'de', 123456n],
    [' 1234.56 ', 'USD', 'en', 123456n],
    ['.5', 'USD', 'en', 50n],
    ['5.', 'USD', 'en', 500n],
    ['007', 'USD', 'en', 700n],
    ['25', 'JPY', 'en', 25n],
    ['0.00000001', 'BTC', 'en', 1n],
    ['1.234', 'KWD', 'en', 1234n],
    ['10000000000000.00', 'USD', 'en', 10n ** 15n],
  ] as const)('%s %s in %s is %s', (text, currency, locale, minor) => {
    expect(parseMoney(text, currency, locale)).toEqual({ ok: true, value: minor });
  });

  test.each([
    ['', 'USD', 'en', 'empty'],
    ['  ', 'USD', 'en', 'empty'],
    ['abc', 'USD', 'en', 'not-a-number'],
    ['-5', 'USD', 'en', 'not-a-number'],
    ['1e3', 'USD', 'en', 'not-a-number'],
    ['1.2.3', 'USD', 'en', 'not-a-number'],
    ['1,23', 'USD', 'en', 'not-a-number'],
    ['1,2345', 'USD', 'en', 'not-a-number'],
    ['1.50', 'EUR', 'de', 'not-a-number'],
    ['.', 'USD', 'en', 'not-a-number'],
    ['٣', 'USD', 'en', 'not-a-number'],
    ['1.234', 'USD', 'en', 'too-many-decimals'],
    ['1.5', 'JPY', 'en', 'too-many-decimals'],
    ['0.00', 'USD', 'en', 'zero'],
    ['10000000000000.01', 'USD', 'en', 'too-large'],
    ['9'.repeat(40), 'USD', 'en', 'too-large'],
  ] as const)('%j %s in %s is refused: %s', (text, currency, locale, mistake) => {
    expect(parseMoney(text, currency, locale)).toEqual({ ok: false, error: mistake });
  });
});

describe('every digit of a balance is shown', () => {
  test.each([
    ['2500', 'USD', 'en', '$25.00'],
    ['2500', 'EUR', 'de', '25,00\u00a0€'],
    ['-5', 'USD', 'en', '-$0.05'],
    ['99999999999999999', 'USD', 'en', '$999,999,999,999,999.99'],
    ['25', 'JPY', 'en', '¥25'],
  ] as const)('%s %s in %s is %s', (minor, currency, locale, text) => {
    expect(formatMoney(minor, currency, locale)).toBe(text);
  });

  test('cut into parts nothing is lost', () => {
    expect(moneyParts('123456', 'USD', 'en')).toEqual({
      lead: '$1,234',
      fraction: '.56',
      tail: '',
    });
    const { lead, fraction, tail } = moneyParts('123456', 'EUR', 'de');
    expect([lead, fraction, tail.trim()]).toEqual(['1.234', ',56', '€']);
    expect(moneyParts('25', 'JPY', 'en').fraction).toBe('');
  });
});

test('hunts own assets that Intl would refuse, or call by another name', () => {
  expect(formatMoney('1234', 'MILES/0', 'en').replace('\u00a0', ' ')).toBe('MILES 1,234');
  expect(formatMoney('12345', 'GOLD/4', 'de').replace('\u00a0', ' ')).toBe('1,2345 GOLD');
});
