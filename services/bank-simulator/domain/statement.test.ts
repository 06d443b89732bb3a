import { describe, expect, test } from 'vitest';
import type { Payment } from './payment.ts';
import { statementAt } from './statement.ts';

const payment = (changes: Partial<Payment>): Payment => ({
  idempotencyKey: 'k',
  paymentId: 'p',
  kind: 'charge',
  amount: 100n,
  currency: 'USD',
  account: 'ok',
  verdict: 'settled',
  standsAtMs: 0,
  ...changes,
});

describe('the statement counts the money that moved, and only that', () => {
  test('what was declined or is still settling is not on it', () => {
    const payments = [
      payment({ verdict: 'declined' }),
      payment({ standsAtMs: 1001 }),
      payment({ standsAtMs: 1000, paymentId: 'executed' }),
    ];
    const statement = statementAt(payments, 1000);
    expect(statement.payments.map(({ paymentId }) => paymentId)).toEqual(['executed']);
    expect(statement.totals).toEqual([{ kind: 'charge', currency: 'USD', count: 1, amount: 100n }]);
  });

  test('charges and payouts, and each currency, are summed apart', () => {
    const payments = [
      payment({ amount: 1n }),
      payment({ amount: 2n }),
      payment({ amount: 4n, kind: 'payout' }),
      payment({ amount: 8n, currency: 'EUR' }),
    ];
    const sums = statementAt(payments, 0).totals.map((total) => [total.count, total.amount]);
    expect(sums).toEqual([
      [2, 3n],
      [1, 4n],
      [1, 8n],
    ]);
  });
});
