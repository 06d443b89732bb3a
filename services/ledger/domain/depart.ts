import { LANE_TYPES, type TransferCredit } from '@florin/contracts';
import { assert, present, type Currency } from '@florin/kernel';
import { shownId } from './arrival-id.ts';
import type { Asked } from './asked.ts';
import type { Book, TransactionState } from './book.ts';
import type { Changes, Letter } from './changes.ts';
import { yieldOf } from './fee.ts';
import { mayCrossShards } from './shards.ts';

/**
 * The first step of a payment to another shard: what it takes is held already, and the owner of the
 * payee's lane is asked to credit it. Nothing is final before that one has answered.
 */
export function depart(
  book: Book,
  state: TransactionState,
  { nowUs }: Asked,
  changes: Changes,
): void {
  const wallet = present(book.wallets.get(state.walletId), 'paying wallet');
  const payee = present(state.counterpartyWalletId, 'payee in another shard');
  state.status = 'held';
  state.completedAtUs = null;
  changes.departures.push({
    transactionId: state.id,
    partition: state.partition,
    pair: present(book.otherShards, 'another shard').pairOf(payee),
    ...arrivingOf(state),
    departedAtUs: nowUs,
  });
  changes.letters.push(creditLetter(state, wallet.ownerId));
}

/** What the payee gets: in another currency where it is converted. */
export const arrivingOf = (
  state: Pick<TransactionState, 'amount' | 'currency' | 'fee' | 'conversion'>,
): { amount: bigint; currency: Currency } =>
  state.conversion === null
    ? { amount: yieldOf(state), currency: state.currency }
    : { amount: state.conversion.toAmount, currency: state.conversion.toCurrency };

/**
 * Asks for the credit. Said again it asks for nothing more.
 * @param ownerId whose the paying wallet is
 */
export function creditLetter(state: TransactionState, ownerId: string | null): Letter {
  const { type, fee, followUp, conversion } = state;
  const { amount, currency } = arrivingOf(state);
  assert(mayCrossShards(type), `a ${type} to another shard`);
  const data: TransferCredit = {
    transactionId: state.id,
    type,
    walletId: present(state.counterpartyWalletId, 'payee in another shard'),
    payerWalletId: state.walletId,
    amount: String(amount),
    currency,
    ...(fee !== null && { fee: { ...fee, amount: String(fee.amount) } }),
    ...(followUp !== null && {
      followUp: {
        relatedTransactionId: shownId(followUp.relatedId),
        remaining: String(followUp.remaining),
      },
    }),
    ...(conversion !== null && {
      conversion: {
        ownerId: present(ownerId, 'owner of a wallet that pays'),
        quoteId: conversion.quoteId,
        fromCurrency: state.currency,
        fromAmount: String(state.amount),
        rate: conversion.rate,
        baseCurrency: conversion.baseCurrency,
        fromValue: String(conversion.fromValue),
        toValue: String(conversion.toValue),
      },
    }),
    clientId: state.clientId,
    bodyHash: state.bodyHash,
    ...(state.description !== null && { description: state.description }),
    ...(state.metadata !== null && { metadata: state.metadata }),
  };
  return { type: LANE_TYPES.creditTransfer, transactionId: state.id, wallet: data.walletId, data };
}
