import {
  LANE_TYPES,
  type RefusalCode,
  type TransferCredit,
  type TransferSettlement,
} from '@florin/contracts';
import { isCurrency, present } from '@florin/kernel';
import { unspend } from './allowance.ts';
import { arrivalIdOf } from './arrival-id.ts';
import type { Asked, Undecidable } from './asked.ts';
import {
  availableOf,
  BALANCE_MAX,
  CLEARING_DEPOSITS_MAX,
  TOLD_ELSEWHERE,
  type Book,
  type ConversionState,
  type EntryState,
  type FollowUpState,
  type TransactionState,
  type WalletState,
} from './book.ts';
import type { Changes, Letter } from './changes.ts';
import { move, systemAccount } from './posting.ts';
import { isReversible, noteReversed, reversibleOf } from './reverse.ts';
import { inStoredOrder } from './stored-order.ts';
import { systemAccountId } from './system-accounts.ts';

/**
 * Credits what is held for a wallet of ours in another shard, or refuses to, and answers there. The
 * first decision stands: asked again, it is told again. Nobody else hears of it from here, as the
 * transaction's one event tells both sides.
 *
 * What is given back is counted where the payment was made, in the commit that credits it: here,
 * and nowhere else, it is decided that it never gets more than was paid.
 */
export function decideTransferCredit(
  book: Book,
  order: TransferCredit,
  asked: Asked,
  changes: Changes,
): Undecidable | undefined {
  const id = arrivalIdOf(order.transactionId);
  if (book.otherShards === undefined) return { undecidable: 'there is no other shard' };
  if (id === undefined) return { undecidable: 'not an id of ours' };
  const currencies = [order.currency, order.conversion?.fromCurrency ?? order.currency];
  if (!currencies.every(isCurrency)) return { undecidable: 'unknown currency' };
  const known = book.transactions.get(id);
  if (known !== undefined) {
    // Of another payer it is another payment: two shards decided about one key at the same moment.
    const isSame = known.walletId === order.payerWalletId;
    const letter = isSame
      ? answerTo(order, known.failureCode, arrivedBefore(book, known))
      : answerTo(order, 'between-shards', []);
    changes.letters.push(letter);
    return undefined;
  }
  const original = originalOf(book, order);
  // The other shard has credited it, and its word on that is still on the way: it will ask again.
  if (original?.status === 'held') return undefined;
  const pair = book.otherShards.pairOf(order.payerWalletId);
  const refusal = refusalOf(book, order, original, pair, asked.partition);
  const state = newArrival(id, order, refusal, asked);
  book.transactions.set(id, state);
  changes.newTransactions.push(state);
  if (state.followUp !== null) changes.followUps.push(state);
  const entries = refusal === undefined ? credit(book, state, order, pair, asked, changes) : [];
  if (refusal === undefined && original !== undefined) {
    noteReversed(book, original, state.amount, changes);
    const payer = present(book.wallets.get(original.walletId), 'wallet that was just credited');
    unspend(payer, { amount: state.amount, createdAtUs: original.createdAtUs });
  }
  changes.letters.push(answerTo(order, refusal ?? null, entries));
  return undefined;
}

/** The payment that a reversal gives back, between the same two wallets. */
function originalOf(book: Book, order: TransferCredit): TransactionState | undefined {
  const { type, followUp, walletId, payerWalletId, currency } = order;
  if (type !== 'reversal' || followUp === undefined) return undefined;
  const original = book.transactions.get(followUp.relatedTransactionId);
  const isIt =
    original?.walletId === walletId &&
    isReversible(original.type) &&
    original.counterpartyWalletId === payerWalletId &&
    original.currency === currency;
  return isIt ? original : undefined;
}

function refusalOf(
  book: Book,
  order: TransferCredit,
  original: TransactionState | undefined,
  pair: string,
  partition: number,
): RefusalCode | undefined {
  if (order.type !== 'reversal') return payeeRefusal(book, order, pair, partition);
  if (original === undefined) return 'not-found';
  if (original.status === 'reversed') return 'hold-already-settled';
  const refusal = payeeRefusal(book, order, pair, partition);
  if (refusal !== undefined) return refusal;
  return BigInt(order.amount) > reversibleOf(original) ? 'limit-exceeded' : undefined;
}

function payeeRefusal(
  book: Book,
  { walletId, amount, currency, conversion }: TransferCredit,
  pair: string,
  partition: number,
): RefusalCode | undefined {
  const payee = book.wallets.get(walletId);
  if (payee === undefined || payee.kind !== 'user') return 'not-found';
  if (payee.status === 'closed') return 'wallet-closed';
  if (payee.status === 'frozen') return 'wallet-frozen';
  if (conversion !== undefined && conversion.ownerId !== payee.ownerId) return 'owner-mismatch';
  if (payee.currency !== currency) return 'currency-mismatch';
  if (payee.posted + BigInt(amount) > BALANCE_MAX) return 'limit-exceeded';
  const account = book.wallets.get(systemAccountId('transit', pair, currency, partition));
  if (account === undefined) return undefined;
  const isFull = availableOf(account) - BigInt(amount) < -CLEARING_DEPOSITS_MAX;
  return isFull ? 'limit-exceeded' : undefined;
}

function credit(
  book: Book,
  state: TransactionState,
  order: TransferCredit,
  pair: string,
  { partition, nowUs }: Asked,
  changes: Changes,
): EntryState[] {
  const wallet: WalletState = present(
    book.wallets.get(order.walletId),
    'wallet that was just checked',
  );
  const { currency } = wallet;
  const amount = BigInt(order.amount);
  const account = systemAccount(book, 'transit', pair, currency, partition, nowUs);
  const paid = move(state.id, amount, account, wallet, nowUs, changes);
  state.counterpartySequence = paid.credit.sequence;
  changes.arrivals.push({ id: state.id, pair, amount, currency, debit: paid.debit });
  const entries = [paid.debit, paid.credit];
  present(book.otherShards, 'another shard').arrivals.set(state.id, entries);
  return entries;
}

/** The entries of one that was credited. */
function arrivedBefore(book: Book, { id, failureCode }: TransactionState): readonly EntryState[] {
  if (failureCode !== null) return [];
  return present(book.otherShards?.arrivals.get(id), 'entries of an arrival');
}

function answerTo(
  { transactionId, payerWalletId, walletId, currency }: TransferCredit,
  code: RefusalCode | null,
  entries: readonly EntryState[],
): Letter {
  const data: TransferSettlement = {
    transactionId,
    walletId: payerWalletId,
    payeeWalletId: walletId,
    currency,
    outcome:
      code === null
        ? { status: 'credited', entries: entries.map(told) }
        : { status: 'refused', code },
  };
  return { type: LANE_TYPES.settleTransfer, transactionId, wallet: payerWalletId, data };
}

const told = ({ walletId, sequence, delta, balanceAfter, overdraftLimit }: EntryState) => ({
  walletId,
  sequence,
  direction: delta < 0n ? ('debit' as const) : ('credit' as const),
  amount: String(delta < 0n ? -delta : delta),
  balanceAfter: String(balanceAfter),
  ...(overdraftLimit !== null && { overdraftLimit: String(overdraftLimit) }),
});

/** The quote is used where it was asked for: here it is only told. */
const conversionOf = ({ conversion, amount, currency }: TransferCredit): ConversionState | null =>
  conversion === undefined
    ? null
    : {
        quoteId: conversion.quoteId,
        usesQuote: false,
        toCurrency: currency,
        toAmount: BigInt(amount),
        rate: conversion.rate,
        baseCurrency: conversion.baseCurrency,
        fromValue: BigInt(conversion.fromValue),
        toValue: BigInt(conversion.toValue),
      };

/** What it follows from is known here as everywhere, or by nobody. */
const followUpOf = ({
  relatedTransactionId: relatedId,
  remaining,
}: NonNullable<TransferCredit['followUp']>): FollowUpState => ({
  relatedId,
  remaining: BigInt(remaining),
  endsHold: false,
});

function newArrival(
  id: string,
  order: TransferCredit,
  refusal: RefusalCode | undefined,
  { partition, nowUs }: Asked,
): TransactionState {
  const fee = order.fee === undefined ? null : { ...order.fee, amount: BigInt(order.fee.amount) };
  const cost = fee?.paidBy === 'recipient' ? fee.amount : 0n;
  return {
    id,
    partition,
    eventSequence: TOLD_ELSEWHERE,
    type: order.type,
    status: refusal === undefined ? 'completed' : 'failed',
    walletId: order.payerWalletId,
    counterpartyWalletId: order.walletId,
    amount: BigInt(order.conversion?.fromAmount ?? order.amount) + cost,
    currency: order.conversion?.fromCurrency ?? order.currency,
    clientId: order.clientId,
    bodyHash: order.bodyHash,
    origin: '',
    failureCode: refusal ?? null,
    walletSequence: null,
    counterpartySequence: null,
    walletPosted: 0n,
    walletHeld: 0n,
    bankAccount: null,
    description: order.description ?? null,
    metadata: order.metadata === undefined ? null : inStoredOrder(order.metadata),
    risk: null,
    review: null,
    followUp: order.followUp === undefined ? null : followUpOf(order.followUp),
    reversed: 0n,
    hold: null,
    conversion: conversionOf(order),
    splitId: null,
    direction: null,
    fee,
    createdAtUs: nowUs,
    completedAtUs: nowUs,
  };
}
