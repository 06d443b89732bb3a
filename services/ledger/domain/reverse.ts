import { bankOf } from '@florin/contracts';
import { present } from '@florin/kernel';
import { unspend } from './allowance.ts';
import type { Asked } from './asked.ts';
import type { Book, EntryState, TransactionState, WalletState } from './book.ts';
import type { Changes } from './changes.ts';
import { clearingAccount, post } from './posting.ts';

/**
 * Gives money back to whom it came from: the payer, who may spend it again, or the bank. Whether it
 * may be done was checked by the caller.
 */
export function reverse(
  book: Book,
  state: TransactionState,
  original: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
): EntryState[] {
  const payee =
    state.counterpartyWalletId === null
      ? clearingOf(book, original, asked)
      : present(book.wallets.get(state.counterpartyWalletId), 'wallet that was just checked');
  const { debit, credit } = post(state, wallet, payee, asked.nowUs, changes);
  unspend(payee, { amount: state.amount, createdAtUs: original.createdAtUs });
  state.walletSequence = debit.sequence;
  if (state.counterpartyWalletId !== null) state.counterpartySequence = credit.sequence;
  noteReversed(book, original, state.amount, changes);
  return [debit, credit];
}

/**
 * Writes at a payment that so much of it was given back. It is replaced in the book, not changed:
 * it may have been decided in this very batch, and what was told of it then stays as it was.
 */
export function noteReversed(
  book: Book,
  original: TransactionState,
  amount: bigint,
  changes: Changes,
): void {
  const reversed = original.reversed + amount;
  const now: TransactionState = {
    ...original,
    reversed,
    status: reversed === original.amount ? 'reversed' : 'completed',
  };
  book.transactions.set(now.id, now);
  changes.reversed.set(now.id, now);
}

/** What is given back by whoever got it. */
export const isReversible = (type: TransactionState['type']): boolean =>
  type === 'transfer' || type === 'capture' || type === 'reward';

/** What can still be given back of a payment. */
export const reversibleOf = ({ status, amount, reversed }: TransactionState): bigint =>
  status === 'completed' ? amount - reversed : 0n;

function clearingOf(book: Book, original: TransactionState, asked: Asked): WalletState {
  const bank = bankOf(present(original.bankAccount, 'bank account of a deposit'));
  return clearingAccount(book, bank, original.currency, original.partition, asked.nowUs);
}
