import { expect, test } from 'vitest';
import type { WalletView } from '../api/answers.ts';
import { expectBalances } from './expect-balances.ts';

const wallet = (id: string): WalletView => ({
  id,
  ownerId: 'me',
  name: id,
  currency: 'USD',
  status: 'active',
  balances: { posted: '1000', held: '100', available: '900' },
  version: 1,
  createdAt: '2026-01-01T00:00:00Z',
});
const mine = [wallet('a'), wallet('b')];

test.each([
  ['transfer', { posted: '600', held: '100', available: '500' }],
  ['withdrawal', { posted: '1000', held: '500', available: '500' }],
  ['deposit', { posted: '1000', held: '100', available: '900' }],
] as const)(
  'a %s is shown as the ledger will post it: posted − held stays available',
  (kind, to) => {
    const [a, b] = expectBalances(mine, { walletId: 'a', amount: '400', kind });
    expect(a?.balances).toEqual(to);
    expect(b?.balances).toEqual(mine[1]?.balances);
  },
);

test('between my own wallets no money appears or vanishes', () => {
  const payment = { walletId: 'a', toWalletId: 'b', amount: '400', kind: 'transfer' } as const;
  const after = expectBalances(mine, payment);
  expect(after.map(({ balances }) => balances.available)).toEqual(['500', '1300']);
  expect(mine[0]?.balances.available).toBe('900');
});
