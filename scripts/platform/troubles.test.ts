import { expect, test } from 'vitest';
import { lastTroubles, noteTrouble } from './troubles.ts';

test('what a platform complains of again and again leaves room for the rest', () => {
  noteTrouble('ledger: the consumer is made anew');
  noteTrouble('gateway: ended with 1');
  for (let time = 0; time < 50; time++) noteTrouble('ledger: the consumer is made anew');
  const told = lastTroubles().map((line) => line.replace(/^[\d:.]{12} /, ''));
  expect(told).toEqual([
    'gateway: ended with 1',
    'ledger: the consumer is made anew (the last of 51)',
  ]);
  for (let other = 1; other <= 12; other++) noteTrouble(`bank ${other}: down`);
  expect(lastTroubles()).toHaveLength(12);
  expect(lastTroubles().at(-1)).toContain('bank 12: down');
});
