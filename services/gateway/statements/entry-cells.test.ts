import type { Currency } from '@florin/kernel';
import { expect, test } from 'vitest';
import { entryCells } from './entry-cells.ts';

/** Hunts amounts that are off by a power of ten, or lost their sign. */
test.each<[Currency, 'debit' | 'credit', string, string]>([
  ['USD', 'credit', '+10.50', '-0.07'],
  ['USD', 'debit', '-10.50', '-0.07'],
  ['JPY', 'credit', '+1050', '-7'],
  ['BTC', 'debit', '-0.00001050', '-0.00000007'],
])('1050 of %s as a %s', (currency, direction, amount, balance) => {
  const cells = entryCells(
    {
      walletId: 'w',
      sequence: 1,
      transactionId: 't',
      direction,
      amount: '1050',
      balanceAfter: '-7',
      createdAt: '2026-01-05T12:34:59.999999Z',
      type: 'transfer',
      description: 'rent',
    },
    currency,
  );
  expect(cells).toEqual({ date: '2026-01-05 12:34', what: 'transfer: rent', amount, balance });
});
