import { bankOf, type Settlement } from '@florin/contracts';
import { present } from '@florin/kernel';
import {
  isFinal,
  isUnderReview,
  type Book,
  type EntryState,
  type TransactionState,
  type WalletState,
} from './book.ts';
import { unspend } from './allowance.ts';
import type { Changes } from './changes.ts';
import { concludeSettlement } from './conclude-settlement.ts';
import type { Asked, Undecidable } from './asked.ts';
import { settleHold } from './holds.ts';
import { clearingAccount, pay } from './posting.ts';

/**
 * Applies the bank's final word: a deposit is credited or fails, the hold of a withdrawal is
 * captured or released. The first word stands; a repeated one changes nothing.
 */
export function decideSettlement(
  book: Book,
  settlement: Settlement,
  asked: Asked,
  changes: Changes,
): Undecidable | undefined {
  const state = book.transactions.get(settlement.transactionId);
  if (state === undefined) return { undecidable: 'settlement of an unknown transaction' };
  if (state.walletId !== settlement.walletId)
    return { undecidable: 'settlement of another wallet' };
  if (state.type !== 'deposit' && state.type !== 'withdrawal') {
    return { undecidable: `a ${state.type} has no bank` };
  }
  if (isUnderReview(state)) return { undecidable: 'settlement of a transaction under review' };
  if (isFinal(state.status)) return undefined;

  const wallet = present(book.wallets.get(state.walletId), 'wallet of a transaction');
  const entries =
    settlement.outcome === 'completed'
      ? complete(book, state, wallet, asked, changes)
      : fail(state, wallet, settlement, asked, changes);
  concludeSettlement(state, wallet, entries, asked, changes);
  return undefined;
}

/**
 * Money that a bank has moved is posted whatever has become of the wallet since: a frozen wallet
 * may not start anything, but the books follow what has happened.
 */
function complete(
  book: Book,
  state: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
): EntryState[] {
  const bank = bankOf(present(state.bankAccount, 'bank account of a bank payment'));
  const clearing = clearingAccount(book, bank, state.currency, state.partition, asked.nowUs);
  state.status = 'completed';
  if (state.type === 'deposit') {
    const { credit, entries } = pay(book, state, clearing, wallet, asked.nowUs, changes);
    state.walletSequence = credit.sequence;
    return entries;
  }
  settleHold(state, wallet, 'captured', asked, changes);
  const { debit, entries } = pay(book, state, wallet, clearing, asked.nowUs, changes);
  state.walletSequence = debit.sequence;
  return entries;
}

function fail(
  state: TransactionState,
  wallet: WalletState,
  settlement: Settlement,
  asked: Asked,
  changes: Changes,
): EntryState[] {
  state.status = 'failed';
  state.failureCode = settlement.failureCode ?? 'bank-declined';
  if (state.type === 'withdrawal') {
    settleHold(state, wallet, 'released', asked, changes);
    unspend(wallet, state);
  }
  return [];
}
