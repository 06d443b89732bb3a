import { describe, expect, test } from 'vitest';
import type { TransactionView } from '../api/answers.ts';
import { describeTransaction, standingOf } from './describe-transaction.ts';

const transaction = (fields: Partial<TransactionView>): TransactionView => ({
  id: 't',
  type: 'transfer',
  status: 'completed',
  walletId: 'payer',
  counterpartyWalletId: 'payee',
  amount: '2500',
  currency: 'USD',
  createdAt: '2026-01-01T00:00:00Z',
  ...fields,
});

describe('nobody reads an expense as income', () => {
  test.each([
    ['I pay', ['payer'], undefined, 'out', '-2500', 'sent'],
    ['I am paid', ['payee'], undefined, 'in', '2500', 'received'],
    ['between my wallets', ['payer', 'payee'], undefined, 'between', '2500', 'moved'],
    ['the same, seen from the payer', ['payer', 'payee'], 'payer', 'out', '-2500', 'moved'],
    ['the same, seen from the payee', ['payer', 'payee'], 'payee', 'in', '2500', 'moved'],
  ] as const)('%s', (_name, mine, viewedFrom, direction, signed, kind) => {
    const isMine = (id: string): boolean => mine.some((one) => one === id);
    const described = describeTransaction(transaction({}), isMine, viewedFrom);
    expect(described).toMatchObject({ direction, signed, kind });
  });

  test.each([
    ['deposit', 'in', '2500'],
    ['withdrawal', 'out', '-2500'],
  ] as const)('a %s', (type, direction, signed) => {
    const described = describeTransaction(transaction({ type }), () => true);
    expect(described).toMatchObject({ direction, signed, kind: type });
  });

  test.each([
    ['a hold on my wallet', 'hold', ['payer'], 'out', '-2500'],
    ['a hold for me', 'hold', ['payee'], 'in', '2500'],
    ['a capture from me', 'capture', ['payer'], 'out', '-2500'],
    ['a reversal to me', 'reversal', ['payee'], 'in', '2500'],
    ['a release', 'release', ['payer'], 'between', '2500'],
  ] as const)('%s', (_name, type, mine, direction, signed) => {
    const isMine = (id: string): boolean => mine.some((one) => one === id);
    const described = describeTransaction(transaction({ type }), isMine);
    expect(described).toMatchObject({ direction, signed, kind: type });
  });

  test('what failed or was reversed moved nothing', () => {
    for (const status of ['failed', 'reversed'] as const) {
      expect(describeTransaction(transaction({ status }), () => true).voided).toBe(true);
    }
  });
});

test('held money says for whom it waits', () => {
  const review = {
    status: 'open' as const,
    openedAt: '2026-01-01T00:00:00Z',
    expiresAt: '2026-01-02T00:00:00Z',
  };
  expect(standingOf(transaction({ status: 'held', review }))).toBe('held-for-review');
  expect(standingOf(transaction({ status: 'held', type: 'withdrawal' }))).toBe('held-for-bank');
  expect(standingOf(transaction({ status: 'held' }))).toBe('pending');
  expect(standingOf(transaction({ status: 'held', type: 'hold' }))).toBe('held-for-payee');
  const approved = { ...review, status: 'approved' as const };
  const paidOut = { status: 'held', type: 'withdrawal', review: approved } as const;
  expect(standingOf(transaction(paidOut))).toBe('held-for-bank');
  expect(standingOf(transaction({ review: approved }))).toBe('completed');
});
