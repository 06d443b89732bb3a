import { PROBLEMS, type Transaction } from '@florin/contracts';
import { refusal, type Refusal } from './refusal.ts';

export type TransactionView = Omit<Transaction, 'bankAccount'>;

/** What the owner of the deciding wallet sees. The bank account stays between us and the bank. */
export function ownView(transaction: Transaction): TransactionView {
  const { bankAccount: _, ...view } = transaction;
  return view;
}

/** What the owner of the other wallet sees: not how much money the payer has left. */
export function counterpartyView(transaction: Transaction): TransactionView {
  const { balances: _, ...view } = ownView(transaction);
  return view;
}

/** A transaction that failed, as the problem that its client gets each time it asks. */
export function refusalOfFailed(transaction: Transaction, replayed: boolean): Refusal {
  const code = transaction.failure?.code ?? 'internal';
  const { balances, failure } = transaction;
  const shortOf = code === 'insufficient-funds' ? balances?.available : undefined;
  return refusal(code, failure?.detail ?? PROBLEMS[code].title, {
    facts: {
      ...(shortOf === undefined ? {} : { available: shortOf }),
      transaction: ownView(transaction),
    },
    replayed,
  });
}
