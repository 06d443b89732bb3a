import { expect, test } from 'vitest';
import { formatPercent, parsePercent } from './percent.ts';

test.each([
  ['1.5', 'en', 150],
  ['1,5 %', 'de', 150],
  ['0.01', 'en', 1],
  ['100', 'en', 10_000],
] as const)(
  'hunts prices that are another than was typed: %s (%s) is %d',
  (text, locale, points) => {
    expect(parsePercent(text, locale)).toEqual({ ok: true, value: points });
  },
);

test.each([
  ['100.01', 'too-large'],
  ['1.505', 'too-many-decimals'],
  ['one', 'not-a-number'],
  ['', 'empty'],
] as const)('%j is no percentage: %s', (text, error) => {
  expect(parsePercent(text, 'en')).toEqual({ ok: false, error });
});

test('percentages are written as the locale writes them', () => {
  expect(formatPercent(150, 'en')).toBe('1.5%');
  expect(formatPercent(29, 'de')).toBe('0,29\u00a0%');
});
