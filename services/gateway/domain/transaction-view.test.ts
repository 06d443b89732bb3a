import { PROBLEMS, REFUSAL_CODES, type Transaction } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { counterpartyView, ownView, refusalOfFailed } from './transaction-view.ts';

const failed: Transaction = {
  id: '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f',
  type: 'withdrawal',
  status: 'failed',
  walletId: '0192f0c1-7a4b-7cc3-98c4-dc0c0c073990',
  amount: '2500',
  currency: 'USD',
  balances: { posted: '100', held: '40', available: '60' },
  bankAccount: 'ok:DE00',
  createdAt: '2026-01-01T00:00:00.000Z',
};

describe('hunts facts that reach somebody whom they do not concern', () => {
  test('nobody sees the bank account', () => {
    expect(ownView(failed)).not.toHaveProperty('bankAccount');
    const refused = refusalOfFailed({ ...failed, failure: { code: 'bank-declined' } }, false);
    expect(refused.facts?.transaction).not.toHaveProperty('bankAccount');
  });

  test('the receiver does not see what the payer has left', () => {
    expect(ownView(failed)).toHaveProperty('balances');
    expect(counterpartyView(failed)).not.toHaveProperty('balances');
  });
});

describe('hunts refusals of the ledger without a status, or with another one the next time', () => {
  test.each(REFUSAL_CODES)('%s', (code) => {
    const refused = refusalOfFailed({ ...failed, failure: { code } }, true);
    expect(PROBLEMS[refused.refused].status).toBeGreaterThanOrEqual(400);
    expect(refused).toMatchObject({ refused: code, replayed: true, facts: { transaction: {} } });
    expect(refused.detail).not.toBe('');
  });

  test('too little money says how much there is', () => {
    const refused = refusalOfFailed({ ...failed, failure: { code: 'insufficient-funds' } }, false);
    expect(refused.facts?.available).toBe('60');
  });
});
