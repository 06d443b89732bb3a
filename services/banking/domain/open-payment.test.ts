import type { Transaction } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { samplePayment } from '../test/sample-payment.ts';
import { openPayment } from './open-payment.ts';
import { POLICY_DEFAULT } from './policy.ts';
import { settlementIdOf, settlementOf } from './settlement-of.ts';

const { transactionId, walletId } = samplePayment();
const deposit: Transaction = {
  id: transactionId,
  type: 'deposit',
  status: 'pending',
  walletId,
  amount: '2500',
  currency: 'EUR',
  bankAccount: 'ok:acc-7',
  createdAt: '2025-01-01T00:00:00.000Z',
};
const open = (change: Partial<Transaction>) =>
  openPayment(
    { ...deposit, ...change },
    { nowMs: 5, policy: POLICY_DEFAULT, isBank: (name) => name === 'ok' },
  );

describe('openPayment takes up deposits and withdrawals, and nothing else', () => {
  test('a deposit is a charge that can not wait for ever', () => {
    expect(open({})).toMatchObject({
      kind: 'charge',
      bank: 'ok',
      account: 'acc-7',
      amount: 2500n,
      state: 'requested',
      deadlineAtMs: 30_005,
    });
  });

  test('a withdrawal is a payout that can', () => {
    const payout = open({ type: 'withdrawal', status: 'held', bankAccount: 'ok' });
    expect(payout).toMatchObject({ kind: 'payout', account: 'ok', deadlineAtMs: null });
  });

  test('a bank that nobody knows has declined', () => {
    const payment = open({ bankAccount: 'nowhere' });
    expect(payment).toMatchObject({ state: 'declined', failureCode: 'bank-declined' });
  });

  test.each([
    ['deposit', 'held'],
    ['withdrawal', 'held'],
  ] as const)('no bank is asked for a %s before a person has approved it', (type, status) => {
    const review = { openedAt: deposit.createdAt, expiresAt: deposit.createdAt };
    const waiting = { type, status, review: { ...review, status: 'open' } } as const;
    expect(open(waiting)).toBeUndefined();
    const approved = { type, review: { ...review, status: 'approved' } } as const;
    expect(open(approved)).toMatchObject({ state: 'requested' });
  });

  test('a transfer concerns no bank', () => {
    const { bankAccount: _, ...transfer } = deposit;
    const opening = { nowMs: 5, policy: POLICY_DEFAULT, isBank: () => true };
    expect(openPayment({ ...transfer, type: 'transfer' }, opening)).toBeUndefined();
  });
});

describe('a settlement says the same each time', () => {
  test('its id follows from the transaction alone and is not the transaction’s', () => {
    expect(settlementIdOf(transactionId)).toBe(settlementIdOf(transactionId));
    expect(settlementIdOf(transactionId)).not.toBe(transactionId);
  });

  test.each([
    [
      { state: 'settled', bankReference: 'b' },
      { outcome: 'completed', bankReference: 'b' },
    ],
    [
      { state: 'declined', failureCode: 'bank-declined' },
      { outcome: 'failed', failureCode: 'bank-declined' },
    ],
    [
      { state: 'abandoned', failureCode: 'bank-unavailable' },
      { outcome: 'failed', failureCode: 'bank-unavailable' },
    ],
  ] as const)('%j', (change, said) => {
    expect(settlementOf(samplePayment(change))).toEqual({ transactionId, walletId, ...said });
  });

  test.each(['requested', 'asked', 'unknown', 'done'] as const)('%s has none', (state) => {
    expect(() => settlementOf(samplePayment({ state }))).toThrow(/no outcome/);
  });
});
