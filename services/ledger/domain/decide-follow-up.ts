import type { FollowUpOrder, RefusalCode } from '@florin/contracts';
import { isCurrency, present } from '@florin/kernel';
import { answer } from './answer.ts';
import { arrivalIdOf } from './arrival-id.ts';
import type { Asked, Undecidable } from './asked.ts';
import {
  isFinal,
  isUnderReview,
  type Book,
  type TransactionState,
  type WalletState,
} from './book.ts';
import type { Changes } from './changes.ts';
import { answerAgain } from './decide-order.ts';
import { depart } from './depart.ts';
import { endHold } from './end-hold.ts';
import { isKeptAsTold, transactionEvent, transactionText } from './events.ts';
import { feeFor, feeRefusal } from './fee.ts';
import { drawHold, heldOf, placeHold } from './holds.ts';
import { pay } from './posting.ts';
import { isReversible, reverse, reversibleOf } from './reverse.ts';
import { fundsRefusal, walletRefusal } from './rules.ts';
import { isElsewhere } from './shards.ts';
import { inStoredOrder } from './stored-order.ts';
import { freeOf, isEnding, underWayOf } from './under-way.ts';

/**
 * Decides what follows from a transaction: a reversal of it, a capture or a release of a hold. It
 * is final at once, but for what pays a wallet in another shard. Never more is given back than was
 * moved, nor captured than was held: both are decided in one lane, that of the wallet which pays.
 */
export function decideFollowUp(
  book: Book,
  requestId: string,
  order: FollowUpOrder,
  asked: Asked,
  changes: Changes,
): Undecidable | undefined {
  const known = book.transactions.get(order.transactionId);
  if (known !== undefined) {
    answerAgain(known, requestId, order, asked, changes);
    return undefined;
  }
  const related = relatedOf(book, order);
  if (related === undefined) return { undecidable: `${order.type} of an unknown transaction` };
  const sides = sidesOf(order, related);
  if (sides === undefined) return { undecidable: `${order.type} of a ${related.type}` };
  const wallet = book.wallets.get(order.walletId);
  if (wallet === undefined || sides.payer !== wallet.id) {
    return { undecidable: `${order.type} from another wallet` };
  }
  if (!isCurrency(order.currency)) return { undecidable: 'unknown currency' };

  const left = leftOf(book, order, related);
  const state = newFollowUp(order, related, sides.payee, left, wallet, asked);
  book.transactions.set(state.id, state);
  changes.newTransactions.push(state);
  changes.followUps.push(state);
  const refusal = refusalOf(book, state, related, left, wallet, asked.nowUs);
  state.status = refusal === undefined ? 'completed' : 'failed';
  state.failureCode = refusal ?? null;
  const entries =
    refusal === undefined ? carryOut(book, order, state, related, wallet, asked, changes) : [];
  const isEnd = state.status === 'completed' && order.type !== 'reversal' && isOver(order, related);
  // Told after what ends it, and done before: the balances are those after all of it.
  const ended = isEnd ? endHold(book, related, wallet, 'settled', asked, changes) : [];
  state.walletPosted = wallet.posted;
  state.walletHeld = wallet.held;
  const told = transactionText(state);
  // Nor does a column lead to the entry of a clearing account.
  const isOfBank = entries.length > 0 && state.counterpartyWalletId === null;
  const waits = !isFinal(state.status);
  const isStored = waits || isOfBank || isKeptAsTold(entries);
  const { eventSequence } = state;
  changes.events.push(
    transactionEvent(state, entries, eventSequence, isStored, told, asked.traceparent),
    ...ended,
  );
  // Who waits for what another shard must credit is answered when that one has.
  if (!waits) answer(requestId, told, false, asked.origin, changes);
  return undefined;
}

/**
 * What came from another shard is known here by its arrival. So is what was made here and has just
 * moved there: its row goes, too, as soon as everybody has heard of that.
 */
export function relatedOf(
  book: Book,
  { relatedTransactionId: id }: Pick<FollowUpOrder, 'relatedTransactionId'>,
): TransactionState | undefined {
  const related = book.transactions.get(id);
  if (book.otherShards === undefined) return related;
  if (related !== undefined && !isElsewhere(book, related.walletId)) return related;
  return book.transactions.get(arrivalIdOf(id) ?? '') ?? related;
}

interface Sides {
  payer: string;
  /** Null: a bank, or nobody. */
  payee: string | null;
}

/** Who pays whom; undefined where no such thing can follow. */
function sidesOf(order: FollowUpOrder, related: TransactionState): Sides | undefined {
  const { type, walletId, counterpartyWalletId } = related;
  if (order.type === 'reversal') {
    if (type === 'deposit') return { payer: walletId, payee: null };
    if (!isReversible(type)) return undefined;
    return { payer: present(counterpartyWalletId, 'payee of a payment'), payee: walletId };
  }
  if (type !== 'hold') return undefined;
  return { payer: walletId, payee: order.type === 'capture' ? counterpartyWalletId : null };
}

/** What can be reversed, captured or released by now. While a person looks at a hold, nothing. */
function leftOf(book: Book, order: FollowUpOrder, related: TransactionState): bigint {
  if (order.type !== 'reversal') return isUnderReview(related) ? 0n : freeOf(book, related);
  const underWay = underWayOf(book, related).reduce((sum, { amount }) => sum + amount, 0n);
  const left = reversibleOf(related) - underWay;
  return left > 0n ? left : 0n;
}

/**
 * What was settled before comes first: nothing could ever come of it. Then, as for any payment, the
 * wallets and the money.
 */
function refusalOf(
  book: Book,
  state: TransactionState,
  related: TransactionState,
  left: bigint,
  wallet: WalletState,
  nowUs: number,
): RefusalCode | undefined {
  const settled = settledRefusal(related, nowUs);
  if (settled !== undefined) return settled;
  if (state.type === 'release') return left > 0n ? undefined : 'limit-exceeded';
  const ofWallets = walletRefusal(book, state, wallet);
  if (ofWallets !== undefined) return ofWallets;
  if (state.amount > left) return 'limit-exceeded';
  const tooSmall = feeRefusal(state);
  if (tooSmall !== undefined) return tooSmall;
  return state.type === 'reversal' ? fundsRefusal(state, wallet) : undefined;
}

function settledRefusal(related: TransactionState, nowUs: number): RefusalCode | undefined {
  const { status, type, hold, failureCode } = related;
  if (status === 'reversed') return 'hold-already-settled';
  if (type !== 'hold') return undefined;
  if (failureCode === 'hold-expired') return 'hold-expired';
  if (status !== 'held' || isEnding(related)) return 'hold-already-settled';
  return hold !== null && nowUs >= hold.expiresAtUs ? 'hold-expired' : undefined;
}

function carryOut(
  book: Book,
  order: FollowUpOrder,
  state: TransactionState,
  related: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
) {
  const followUp = present(state.followUp, 'what a follow-up follows from');
  switch (order.type) {
    case 'reversal':
      followUp.remaining -= state.amount;
      if (isElsewhere(book, state.counterpartyWalletId)) {
        placeHold(state, wallet, asked, changes);
        depart(book, state, asked, changes);
        return [];
      }
      return reverse(book, state, related, wallet, asked, changes);
    case 'capture': {
      const payee = present(state.counterpartyWalletId, 'payee of a capture');
      if (isElsewhere(book, payee)) {
        followUp.remaining = followUp.endsHold ? 0n : followUp.remaining - state.amount;
        depart(book, state, asked, changes);
        return [];
      }
      const counterparty = present(book.wallets.get(payee), 'wallet that was just checked');
      drawHold(related, wallet, { captured: state.amount, released: 0n }, asked, changes);
      const { debit, credit, entries } = pay(
        book,
        state,
        wallet,
        counterparty,
        asked.nowUs,
        changes,
      );
      state.walletSequence = debit.sequence;
      state.counterpartySequence = credit.sequence;
      followUp.remaining = isOver(order, related) ? 0n : freeOf(book, related);
      return entries;
    }
    case 'release':
      followUp.remaining = 0n;
      return [];
  }
}

const isOver = (order: FollowUpOrder, related: TransactionState): boolean =>
  order.type === 'release' || heldOf(related) === 0n || (order.type === 'capture' && order.final);

function newFollowUp(
  order: FollowUpOrder,
  related: TransactionState,
  payee: string | null,
  left: bigint,
  wallet: WalletState,
  asked: Asked,
): TransactionState {
  const takesAll = order.all || order.type === 'release';
  const amount = takesAll && left > 0n ? left : BigInt(order.amount);
  return {
    id: order.transactionId,
    partition: asked.partition,
    eventSequence: asked.nextEvent(),
    type: order.type,
    status: 'completed',
    walletId: wallet.id,
    counterpartyWalletId: payee,
    amount,
    currency: related.currency,
    clientId: order.clientId,
    bodyHash: order.bodyHash,
    origin: asked.origin,
    failureCode: null,
    walletSequence: null,
    counterpartySequence: null,
    walletPosted: wallet.posted,
    walletHeld: wallet.held,
    bankAccount: related.bankAccount,
    description: order.description ?? null,
    metadata: order.metadata === undefined ? null : inStoredOrder(order.metadata),
    risk: null,
    review: null,
    followUp: {
      relatedId: related.id,
      remaining: left,
      endsHold: order.type === 'capture' && order.final,
    },
    reversed: 0n,
    hold: null,
    conversion: null,
    splitId: null,
    direction: null,
    fee: order.type === 'capture' ? feeFor(asked.fees, 'capture', related.currency, amount) : null,
    createdAtUs: asked.nowUs,
    completedAtUs: asked.nowUs,
  };
}
