import type { RefusalCode, TransferSettlement } from '@florin/contracts';
import { present } from '@florin/kernel';
import { unspend } from './allowance.ts';
import { arrivalIdOf, isArrivalId } from './arrival-id.ts';
import type { Asked, Undecidable } from './asked.ts';
import {
  isFinal,
  isUnderReview,
  type Book,
  type EntryState,
  type TransactionState,
  type WalletState,
} from './book.ts';
import type { Changes, EventState } from './changes.ts';
import { concludeSettlement } from './conclude-settlement.ts';
import { postConversion } from './conversion.ts';
import { arrivingOf } from './depart.ts';
import { endHold } from './end-hold.ts';
import { drawHold, heldOf, settleHold } from './holds.ts';
import { pay, systemAccount } from './posting.ts';
import { isReversible, noteReversed } from './reverse.ts';
import { mayCrossShards } from './shards.ts';
import { isEnding, underWayOf } from './under-way.ts';

/**
 * Applies what another shard has decided about a payment to one of its wallets: what was held is
 * paid into the account between the two shards, or released. The first word stands. The event tells
 * the entries of both shards, which sum to zero each.
 */
export function decideTransferSettlement(
  book: Book,
  { transactionId, walletId, payeeWalletId, currency, outcome }: TransferSettlement,
  asked: Asked,
  changes: Changes,
): Undecidable | undefined {
  const state = book.transactions.get(transactionId);
  if (state === undefined) return { undecidable: 'settlement of an unknown payment' };
  if (
    state.walletId !== walletId ||
    state.counterpartyWalletId !== payeeWalletId ||
    arrivingOf(state).currency !== currency
  ) {
    return { undecidable: 'settlement of another payment' };
  }
  if (book.otherShards === undefined) return { undecidable: 'there is no other shard' };
  if (!mayCrossShards(state.type)) return { undecidable: `a ${state.type} crosses no shards` };
  if (isUnderReview(state)) return { undecidable: 'settlement of a payment under review' };
  if (isFinal(state.status)) return undefined;

  const wallet = present(book.wallets.get(walletId), 'wallet of a transaction');
  const entries =
    outcome.status === 'credited'
      ? [
          ...complete(book, state, wallet, asked, changes),
          ...outcome.entries.map((entry) => entryOf(entry, state, asked.nowUs)),
        ]
      : fail(state, wallet, outcome.code, asked, changes);
  const pair = book.otherShards.pairOf(payeeWalletId);
  changes.settledDepartures.set(state.id, { credited: outcome.status === 'credited', pair });
  const end = () => endCapturedHold(book, state, wallet, asked, changes);
  concludeSettlement(state, wallet, entries, asked, changes, end);
  return undefined;
}

/** What has been credited is paid, whatever has become of the paying wallet since. */
function complete(
  book: Book,
  state: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
): EntryState[] {
  const payee = present(state.counterpartyWalletId, 'payee in another shard');
  const pair = present(book.otherShards, 'another shard').pairOf(payee);
  const { partition, amount } = state;
  const { currency } = arrivingOf(state);
  const account = systemAccount(book, 'transit', pair, currency, partition, asked.nowUs);
  const related = relatedOf(book, state);
  if (related?.type === 'hold') {
    drawHold(related, wallet, { captured: amount, released: 0n }, asked, changes);
  } else {
    settleHold(state, wallet, 'captured', asked, changes);
  }
  if (state.conversion !== null) {
    const entries = postConversion(book, state, wallet, account, asked, changes);
    // No column leads to the entry of an account between shards.
    state.counterpartySequence = null;
    return entries;
  }
  const paid = pay(book, state, wallet, account, asked.nowUs, changes);
  state.status = 'completed';
  state.walletSequence = paid.debit.sequence;
  if (related !== undefined && isReversible(related.type) && !isNoted(book, state, related)) {
    noteReversed(book, related, amount, changes);
  }
  return paid.entries;
}

/**
 * A payment is one where both of its wallets were together when it was made, and are again: then
 * the arrival of what is given back was counted at it.
 */
const isNoted = (book: Book, { id }: TransactionState, related: TransactionState): boolean =>
  !isArrivalId(related.id) && book.transactions.has(arrivalIdOf(id) ?? '');

/** What was asked for comes to nothing, and may be asked for again. */
function fail(
  state: TransactionState,
  wallet: WalletState,
  code: RefusalCode,
  asked: Asked,
  changes: Changes,
): EntryState[] {
  state.status = 'failed';
  state.failureCode = code;
  // A capture has reserved nothing of its own, and what gives money back was never spent.
  if (state.type !== 'capture') settleHold(state, wallet, 'released', asked, changes);
  if (state.followUp === null) unspend(wallet, state);
  return [];
}

const relatedOf = (book: Book, { followUp }: TransactionState): TransactionState | undefined =>
  followUp === null
    ? undefined
    : present(book.transactions.get(followUp.relatedId), 'what a follow-up follows from');

/** A hold ends with its last capture, or as soon as none is under way if it was to end before. */
function endCapturedHold(
  book: Book,
  capture: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
): EventState[] {
  const hold = relatedOf(book, capture);
  if (hold?.type !== 'hold') return [];
  const isLast =
    capture.status === 'completed' && (capture.followUp?.endsHold === true || heldOf(hold) === 0n);
  if (isLast || isEnding(hold)) return endHold(book, hold, wallet, 'settled', asked, changes);
  const { expiresAtUs } = present(hold.hold, 'what is reserved by a hold');
  const isOver = asked.nowUs >= expiresAtUs && underWayOf(book, hold).length === 0;
  return isOver ? endHold(book, hold, wallet, 'expired', asked, changes) : [];
}

type CreditEntry = Extract<
  TransferSettlement['outcome'],
  { status: 'credited' }
>['entries'][number];

function entryOf(told: CreditEntry, state: TransactionState, nowUs: number): EntryState {
  const amount = BigInt(told.amount);
  return {
    walletId: told.walletId,
    sequence: told.sequence,
    transactionId: state.id,
    currency: arrivingOf(state).currency,
    delta: told.direction === 'debit' ? -amount : amount,
    balanceAfter: BigInt(told.balanceAfter),
    overdraftLimit: told.overdraftLimit === undefined ? null : BigInt(told.overdraftLimit),
    createdAtUs: nowUs,
  };
}
