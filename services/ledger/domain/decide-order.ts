import type {
  AnyOrder,
  RefusalCode,
  RewardOrder,
  Risk,
  SignedQuote,
  TransactionOrder,
} from '@florin/contracts';
import { isCurrency, present } from '@florin/kernel';
import { limitRefusal, spend } from './allowance.ts';
import { answer } from './answer.ts';
import type { Asked, Undecidable } from './asked.ts';
import { isFinal, type Book, type TransactionState, type WalletState } from './book.ts';
import { conversionOf, postConversion, quoteRefusal, useQuote } from './conversion.ts';
import { answerWith, type Changes } from './changes.ts';
import { depart } from './depart.ts';
import { isKeptAsTold, transactionEvent, transactionText } from './events.ts';
import { feeFor, feeRefusal } from './fee.ts';
import { placeHold } from './holds.ts';
import { pay } from './posting.ts';
import { fundsRefusal, walletRefusal } from './rules.ts';
import { isElsewhere, mayCrossShards } from './shards.ts';
import { inStoredOrder } from './stored-order.ts';

/** Decides a transaction that somebody asked for: now final, held, or pending at a bank. */
export function decideOrder(
  book: Book,
  requestId: string,
  order: TransactionOrder | RewardOrder,
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
  const quote = 'quote' in order ? order.quote : undefined;
  const refusal = refusalOf(book, state, wallet, quote, asked.nowUs);
  if (refusal === undefined && order.type === 'hold') {
    const expiresAtUs = asked.nowUs + order.expiresInSeconds * 1_000_000;
    state.hold = { captured: 0n, released: 0n, expiresAtUs };
  }
  const entries = refusal === undefined ? carryOut(book, state, wallet, asked, changes) : [];
  if (refusal !== undefined) {
    state.status = 'failed';
    state.failureCode = refusal;
    state.completedAtUs = asked.nowUs;
  }
  state.walletPosted = wallet.posted;
  state.walletHeld = wallet.held;
  const told = transactionText(state);
  const isStored = !isFinal(state.status) || isKeptAsTold(entries);
  const { eventSequence } = state;
  changes.events.push(
    transactionEvent(state, entries, eventSequence, isStored, told, asked.traceparent),
  );
  // Who waits for a payment to another shard waits for what that one decides.
  if (!hasDeparted(state)) answer(requestId, told, false, asked.origin, changes);
  return undefined;
}

/** Held, and neither a bank nor a person nor the payee is waited for. */
const hasDeparted = ({ status, type, review }: TransactionState): boolean =>
  status === 'held' && review === null && mayCrossShards(type);

/** Writes down that an order is refused, for a reason that was found elsewhere. */
export function refuseOrder(
  book: Book,
  order: TransactionOrder,
  wallet: WalletState,
  code: RefusalCode,
  asked: Asked,
  changes: Changes,
): TransactionState {
  const state = newTransaction(order, wallet, asked);
  state.status = 'failed';
  state.failureCode = code;
  state.completedAtUs = asked.nowUs;
  book.transactions.set(state.id, state);
  changes.newTransactions.push(state);
  const told = transactionText(state);
  changes.events.push(transactionEvent(state, [], state.eventSequence, false, told));
  return state;
}

/** What the scorer wants done. In shadow mode it only watches. */
const verdictOf = (risk: Risk | null): Risk['decision'] =>
  risk?.mode === 'enforce' ? risk.decision : 'approve';

/**
 * The rules in order of precedence: the first that is broken names the refusal. What lacks money,
 * or is more than the owner may pay, fails for that whatever the scorer thinks: its answer does
 * not change with the model, and no person needs to look at it.
 */
function refusalOf(
  book: Book,
  state: TransactionState,
  wallet: WalletState,
  quote: SignedQuote | undefined,
  nowUs: number,
): RefusalCode | undefined {
  return (
    walletRefusal(book, state, wallet) ??
    feeRefusal(state) ??
    (quote && quoteRefusal(book, quote, nowUs)) ??
    fundsRefusal(state, wallet) ??
    limitRefusal(state, wallet, nowUs) ??
    (verdictOf(state.risk) === 'block' ? 'risk-blocked' : undefined)
  );
}

/** Does what was asked, and returns the entries that it made. */
function carryOut(
  book: Book,
  state: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
) {
  useQuote(book, state);
  if (verdictOf(state.risk) === 'review') {
    openReview(state, wallet, asked, changes);
    return [];
  }
  if (mayCrossShards(state.type) && isElsewhere(book, state.counterpartyWalletId)) {
    placeHold(state, wallet, asked, changes);
    spend(wallet, state.amount);
    depart(book, state, asked, changes);
    return [];
  }
  switch (state.type) {
    case 'transfer':
    case 'reward': {
      const payee = present(state.counterpartyWalletId, 'counterparty of a transfer');
      const counterparty = present(book.wallets.get(payee), 'wallet that was just checked');
      const paid = pay(book, state, wallet, counterparty, asked.nowUs, changes);
      spend(wallet, state.amount);
      state.status = 'completed';
      state.completedAtUs = asked.nowUs;
      state.walletSequence = paid.debit.sequence;
      state.counterpartySequence = paid.credit.sequence;
      return paid.entries;
    }
    case 'conversion': {
      const payee = present(state.counterpartyWalletId, 'other wallet of a conversion');
      const other = present(book.wallets.get(payee), 'wallet that was just checked');
      const entries = postConversion(book, state, wallet, other, asked, changes);
      spend(wallet, state.amount);
      return entries;
    }
    case 'hold':
    case 'withdrawal':
      placeHold(state, wallet, asked, changes);
      spend(wallet, state.amount);
      state.status = 'held';
      return [];
    case 'deposit':
      // Nothing moves before the bank has paid.
      return [];
    case 'adjustment':
    case 'capture':
    case 'release':
    case 'reversal':
      throw new TypeError(`a ${state.type} is no order of its own`);
  }
}

/** A person must look at it. What it would take from the wallet stays reserved meanwhile. */
function openReview(
  state: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
): void {
  if (state.type !== 'deposit') {
    placeHold(state, wallet, asked, changes);
    spend(wallet, state.amount);
  }
  state.status = 'held';
  state.review = {
    status: 'open',
    openedAtUs: asked.nowUs,
    expiresAtUs: asked.nowUs + asked.reviewForUs,
    decidedAtUs: null,
    decidedBy: null,
    note: null,
  };
  changes.reviewed.add(state);
}

function newTransaction(
  order: TransactionOrder | RewardOrder,
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
    counterpartyWalletId: 'counterpartyWalletId' in order ? order.counterpartyWalletId : null,
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
    bankAccount: 'bankAccount' in order ? order.bankAccount : null,
    description: order.description ?? null,
    metadata: order.metadata === undefined ? null : inStoredOrder(order.metadata),
    risk: ('risk' in order ? order.risk : undefined) ?? null,
    review: null,
    followUp: null,
    reversed: 0n,
    hold: null,
    conversion: 'quote' in order ? conversionOf(order.quote) : null,
    splitId: 'splitId' in order ? (order.splitId ?? null) : null,
    direction: null,
    fee: feeFor(asked.fees, order.type, order.currency, BigInt(order.amount)),
    createdAtUs: asked.nowUs,
    completedAtUs: null,
  };
}

/** The key was used before: the same request gets the same outcome, another one is refused. */
export function answerAgain(
  known: TransactionState,
  requestId: string,
  order: AnyOrder | RewardOrder,
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
