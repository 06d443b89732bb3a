import { expect, test } from 'vitest';
import { formatObserved } from './format-observed.ts';

test.each([
  [0.0000297, 'days', 'en', '2.57 seconds'],
  [330.704, 'days', 'en', '331 days'],
  [17.7, 'minutes', 'en', '17.7 minutes'],
  [4441.74, 'minutes', 'en', '3.08 days'],
  [0, 'hours', 'en', '0 seconds'],
  [0.5056, 'share', 'en', '50.6%'],
  [69.4, 'ratio', 'en', '69.4 ×'],
  [511.11, 'USD', 'en', '$511.11'],
  [511.11, 'EUR', 'de', '511,11\u00a0€'],
  [3, 'payments', 'en', '3 payments'],
  [2.34567, undefined, 'de', '2,346'],
])('nobody has to convert %d %s in %s: %s', (value, unit, locale, text) => {
  expect(formatObserved(value, unit, locale)).toBe(text);
});
