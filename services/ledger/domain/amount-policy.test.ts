import { risk, type TransactionOrder } from '@florin/contracts';
import { CURRENCIES } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import { APPROVE_LIMITS, dependsOnPayee, riskByAmount } from './amount-policy.ts';

const order = (type: TransactionOrder['type'], amount: string, currency = 'USD') =>
  ({ type, amount, currency, walletId: 'w', counterpartyWalletId: 'p' }) as TransactionOrder;

const limits = { USD: 500n };

describe('without a score only small amounts go on, and only to whom is known', () => {
  const KNOWN = false;
  const NEW = true;
  test.each([
    ['transfer', '500', 'USD', KNOWN, 'approve', 'not-scored'],
    ['transfer', '501', 'USD', KNOWN, 'review', 'amount-above-limit'],
    ['transfer', '500', 'USD', NEW, 'review', 'new-payee'],
    ['transfer', '501', 'USD', NEW, 'review', 'amount-above-limit'],
    ['transfer', '1', 'EUR', KNOWN, 'review', 'amount-above-limit'],
    ['deposit', '500', 'USD', NEW, 'approve', 'not-scored'],
    ['deposit', '501', 'USD', KNOWN, 'review', 'amount-above-limit'],
    ['deposit', '1', 'EUR', KNOWN, 'review', 'amount-above-limit'],
    ['withdrawal', '1', 'USD', KNOWN, 'review', 'withdrawal'],
    ['withdrawal', '501', 'EUR', NEW, 'review', 'withdrawal'],
  ] as const)('%s of %s %s, new payee: %s', (type, amount, currency, isNew, decision, code) => {
    const thought = riskByAmount(order(type, amount, currency), isNew, limits, 'enforce');
    expect(thought).toMatchObject({ decision, score: null, degraded: true, mode: 'enforce' });
    expect(thought.reasons[0]?.code).toBe(code);
    expect(risk.parse(thought)).toEqual(thought);
  });

  test.each(['shadow', 'off'] as const)('nothing is held while the flag is %s', (flag) => {
    const thought = riskByAmount(order('withdrawal', '1000000'), NEW, {}, flag);
    expect(thought).toMatchObject({ decision: 'approve', mode: 'shadow', degraded: true });
  });

  test.each([
    ['transfer', '500', true],
    ['transfer', '501', false],
    ['deposit', '500', false],
    ['withdrawal', '500', false],
  ] as const)('the books are asked about the payee of a %s of %s: %s', (type, amount, asked) => {
    expect(dependsOnPayee(order(type, amount), limits)).toBe(asked);
  });

  test('every currency has an amount of its own', () => {
    expect(Object.keys(APPROVE_LIMITS).toSorted()).toEqual(CURRENCIES.toSorted());
  });
});
