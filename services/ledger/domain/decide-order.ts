import { bankOf, type RefusalCode, type TransactionOrder } from '@florin/contracts';
import { isCurrency, present } from '@florin/kernel';
import { answer } from './answer.ts';
import type { Asked, Undecidable } from './asked.ts';
import {
  availableOf,
  BALANCE_MAX,
  CLEARING_DEPOSITS_MAX,
  isFinal,
  type Book,
  type TransactionState,
  type WalletState,
} from './book.ts';
import { answerWith, type Changes } from './changes.ts';
import { transactionEvent, transactionText } from './events.ts';
import { post, touch } from './posting.ts';
import { systemAccountId } from './system-accounts.ts';

/** Decides a transaction that somebody asked for: now final, held, or pending at a bank. */
export function decideOrder(
  book: Book,
  requestId: string,
  order: TransactionOrder,
  asked: Asked,
  changes: Changes,
): Undecidable | undefined {
  const known = book.transactions.get(order.transactionId);
  if (known !== undefined) {
    answerAgain(known, requestId, order, asked, changes);
    return undefined;
  }
  const wallet = book.wallets.get(order.walletId);
  if (wallet === undefined || wallet.kind !== 'user') return { undecidable: 'unknown wallet' };
  if (!isCurrency(order.currency)) return { undecidable: 'unknown currency' };

  const state = newTransaction(order, wallet, asked);
  book.transactions.set(state.id, state);
  changes.newTransactions.push(state);
  const refusal = refusalOf(book, order, wallet, asked.partition);
  const entries = refusal === undefined ? carryOut(book, state, wallet, asked, changes) : [];
  if (refusal !== undefined) {
    state.status = 'failed';
    state.failureCode = refusal;
    state.completedAtUs = asked.nowUs;
  }
  state.walletPosted = wallet.posted;
  state.walletHeld = wallet.held;
  const told = transactionText(state);
  const isOpen = !isFinal(state.status);
  changes.events.push(transactionEvent(state, entries, state.eventSequence, isOpen, told));
  answer(requestId, told, false, asked.origin, changes);
  return undefined;
}

/** The rules in order of precedence: the first that is broken names the refusal. */
function refusalOf(
  book: Book,
  order: TransactionOrder,
  wallet: WalletState,
  partition: number,
): RefusalCode | undefined {
  if (wallet.status === 'closed') return 'wallet-closed';
  if (wallet.status === 'frozen') return 'wallet-frozen';
  if (wallet.currency !== order.currency) return 'currency-mismatch';
  if (order.type === 'deposit') return depositRefusal(book, order, wallet, partition);
  if (order.type === 'transfer') {
    if (order.counterpartyWalletId === order.walletId) return 'same-wallet';
    const counterparty = book.wallets.get(order.counterpartyWalletId);
    if (counterparty === undefined || counterparty.kind !== 'user') return 'not-found';
    if (counterparty.status === 'closed') return 'wallet-closed';
    if (counterparty.status === 'frozen') return 'wallet-frozen';
    if (counterparty.currency !== wallet.currency) return 'currency-mismatch';
    if (counterparty.posted + BigInt(order.amount) > BALANCE_MAX) return 'limit-exceeded';
  }
  if (availableOf(wallet) - BigInt(order.amount) < -wallet.overdraftLimit) {
    return 'insufficient-funds';
  }
  return undefined;
}

/** Numbers end somewhere: a deposit that could not be posted must not begin. */
function depositRefusal(
  book: Book,
  { amount, bankAccount, currency }: Extract<TransactionOrder, { type: 'deposit' }>,
  wallet: WalletState,
  partition: number,
): RefusalCode | undefined {
  if (wallet.posted + BigInt(amount) > BALANCE_MAX) return 'limit-exceeded';
  const clearing = book.wallets.get(
    systemAccountId('bank-clearing', bankOf(bankAccount), currency, partition),
  );
  if (clearing === undefined) return undefined;
  return availableOf(clearing) - BigInt(amount) < -CLEARING_DEPOSITS_MAX
    ? 'limit-exceeded'
    : undefined;
}

/** Does what was asked, and returns the entries that it made. */
function carryOut(
  book: Book,
  state: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
) {
  switch (state.type) {
    case 'transfer': {
      const counterparty = present(
        book.wallets.get(present(state.counterpartyWalletId, 'counterparty of a transfer')),
        'wallet that was just checked',
      );
      const { debit, credit } = post(state, wallet, counterparty, asked.nowUs, changes);
      state.status = 'completed';
      state.completedAtUs = asked.nowUs;
      state.walletSequence = debit.sequence;
      state.counterpartySequence = credit.sequence;
      return [debit, credit];
    }
    case 'withdrawal':
      wallet.held += state.amount;
      touch(wallet, asked.nowUs, changes);
      changes.newHolds.push({
        transactionId: state.id,
        walletId: wallet.id,
        amount: state.amount,
        placedAtUs: asked.nowUs,
      });
      state.status = 'held';
      return [];
    case 'deposit':
      // Nothing moves before the bank has paid.
      return [];
  }
}

function newTransaction(
  order: TransactionOrder,
  wallet: WalletState,
  asked: Asked,
): TransactionState {
  return {
    id: order.transactionId,
    partition: asked.partition,
    eventSequence: asked.nextEvent(),
    type: order.type,
    status: 'pending',
    walletId: order.walletId,
    counterpartyWalletId: order.type === 'transfer' ? order.counterpartyWalletId : null,
    amount: BigInt(order.amount),
    currency: order.currency,
    clientId: order.clientId,
    bodyHash: order.bodyHash,
    origin: asked.origin,
    failureCode: null,
    walletSequence: null,
    counterpartySequence: null,
    walletPosted: wallet.posted,
    walletHeld: wallet.held,
    bankAccount: order.type === 'transfer' ? null : order.bankAccount,
    description: order.description ?? null,
    metadata: order.metadata ?? null,
    createdAtUs: asked.nowUs,
    completedAtUs: null,
  };
}

/** The key was used before: the same request gets the same outcome, another one is refused. */
function answerAgain(
  known: TransactionState,
  requestId: string,
  order: TransactionOrder,
  asked: Asked,
  changes: Changes,
): void {
  if (known.clientId === order.clientId && known.bodyHash === order.bodyHash) {
    const told = transactionText(known);
    told();
    answer(requestId, told, true, asked.origin, changes);
  } else if (asked.origin !== '') {
    changes.outcomes.push(answerWith(asked.origin, { kind: 'key-reused', requestId }));
  }
}
