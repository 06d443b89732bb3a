import { LANE_TYPES, type TransferCredit } from '@florin/contracts';
import { assert, present } from '@florin/kernel';
import type { Asked } from './asked.ts';
import type { Book, TransactionState } from './book.ts';
import type { Changes, Letter } from './changes.ts';
import { yieldOf } from './fee.ts';

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
  const payee = present(state.counterpartyWalletId, 'payee in another shard');
  state.status = 'held';
  changes.departures.push({
    transactionId: state.id,
    partition: state.partition,
    pair: present(book.otherShards, 'another shard').pairOf(payee),
    amount: yieldOf(state),
    currency: state.currency,
    departedAtUs: nowUs,
  });
  changes.letters.push(creditLetter(state));
}

/** Asks for the credit. Said again it asks for nothing more. */
export function creditLetter(state: TransactionState): Letter {
  const { type } = state;
  assert(type === 'transfer' || type === 'reward', `a ${type} to another shard`);
  const data: TransferCredit = {
    transactionId: state.id,
    type,
    walletId: present(state.counterpartyWalletId, 'payee in another shard'),
    payerWalletId: state.walletId,
    amount: String(yieldOf(state)),
    currency: state.currency,
    clientId: state.clientId,
    bodyHash: state.bodyHash,
    ...(state.description !== null && { description: state.description }),
    ...(state.metadata !== null && { metadata: state.metadata }),
  };
  return { type: LANE_TYPES.creditTransfer, transactionId: state.id, wallet: data.walletId, data };
}
