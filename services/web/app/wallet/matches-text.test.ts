import { expect, test } from 'vitest';
import type { TransactionView } from '../api/answers.ts';
import { matchesText } from './matches-text.ts';

const transaction: TransactionView = {
  id: '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f',
  type: 'transfer',
  status: 'completed',
  walletId: 'w',
  amount: '123450',
  currency: 'EUR',
  description: 'Café Zürich, Müsli',
  metadata: { order: 'A-17' },
  createdAt: '2026-01-01T00:00:00Z',
};

test.each([
  ['café', true],
  ['cafe zurich', true],
  ['MÜSLI', true],
  ['1234.50', true],
  ['1234,50', true],
  ['a-17', true],
  ['98c4', true],
  ['transfer eur', true],
  ['cafe berlin', false],
  ['99', false],
  ['', true],
])('searching for %j finds it: %s', (text, found) => {
  expect(matchesText(transaction, text)).toBe(found);
});
