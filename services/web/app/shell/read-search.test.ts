import { expect, test } from 'vitest';
import { readNext, readTexts } from './read-search.ts';

test.each([
  ['/activity?text=x', '/activity?text=x'],
  ['//evil.example', undefined],
  ['/\\evil.example', undefined],
  ['https://evil.example', undefined],
  ['javascript:alert(1)', undefined],
  [7, undefined],
  [undefined, undefined],
])('signing in leads nobody away: next=%j goes to %j', (next, expected) => {
  expect(readNext({ next }).next).toBe(expected);
});

test('what is no text, empty, or not asked for, is not there', () => {
  const search = { wallet: 'w', from: '', to: 7, evil: 'x' };
  expect(readTexts('wallet', 'from', 'to')(search)).toEqual({ wallet: 'w' });
});
