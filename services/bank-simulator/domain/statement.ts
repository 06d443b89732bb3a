import type { Currency, Minor } from '@florin/kernel';
import { statusAt, type Payment, type PaymentKind } from './payment.ts';

export interface StatementTotal {
  readonly kind: PaymentKind;
  readonly currency: Currency;
  readonly count: number;
  readonly amount: Minor;
}

export interface Statement {
  readonly totals: readonly StatementTotal[];
  /** In the order in which the bank received them. */
  readonly payments: readonly Payment[];
}

/** The bank's own account of the money it moved up to now: settled payments only. */
export function statementAt(payments: Iterable<Payment>, nowMs: number): Statement {
  const executed = [...payments].filter((payment) => statusAt(payment, nowMs) === 'settled');
  const totals = new Map<string, StatementTotal>();
  for (const { kind, currency, amount } of executed) {
    const key = `${kind} ${currency}`;
    const before = totals.get(key) ?? { kind, currency, count: 0, amount: 0n };
    totals.set(key, { ...before, count: before.count + 1, amount: before.amount + amount });
  }
  return { totals: [...totals.values()], payments: executed };
}
