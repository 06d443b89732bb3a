import type { TransferSettlement } from '@florin/contracts';
import { present } from '@florin/kernel';
import { unspend } from './allowance.ts';
import type { Asked, Undecidable } from './asked.ts';
import {
  isFinal,
  isUnderReview,
  type Book,
  type EntryState,
  type TransactionState,
  type WalletState,
} from './book.ts';
import type { Changes } from './changes.ts';
import { concludeSettlement } from './conclude-settlement.ts';
import { settleHold } from './holds.ts';
import { pay, systemAccount } from './posting.ts';
import { mayCrossShards } from './shards.ts';

/**
 * Applies what another shard has decided about a transfer to one of its wallets: what was held is
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
  if (state === undefined) return { undecidable: 'settlement of an unknown transfer' };
  if (
    state.walletId !== walletId ||
    state.counterpartyWalletId !== payeeWalletId ||
    state.currency !== currency
  ) {
    return { undecidable: 'settlement of another payment' };
  }
  if (book.otherShards === undefined) return { undecidable: 'there is no other shard' };
  if (!mayCrossShards(state.type)) return { undecidable: `a ${state.type} crosses no shards` };
  if (isUnderReview(state)) return { undecidable: 'settlement of a transfer under review' };
  if (isFinal(state.status)) return undefined;

  const wallet = present(book.wallets.get(walletId), 'wallet of a transaction');
  let entries: EntryState[] = [];
  if (outcome.status === 'credited') {
    entries = capture(book, state, wallet, asked, changes);
    entries.push(...outcome.entries.map((entry) => entryOf(entry, state, asked.nowUs)));
  } else {
    settleHold(state, wallet, 'released', asked, changes);
    unspend(wallet, state);
    state.status = 'failed';
    state.failureCode = outcome.code;
  }
  changes.settledDepartures.set(state.id, outcome.status === 'credited');
  concludeSettlement(state, wallet, entries, asked, changes);
  return undefined;
}

/** What has been credited is paid, whatever has become of the paying wallet since. */
function capture(
  book: Book,
  state: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
): EntryState[] {
  const payee = present(state.counterpartyWalletId, 'payee in another shard');
  const pair = present(book.otherShards, 'another shard').pairOf(payee);
  const { partition, currency } = state;
  const account = systemAccount(book, 'transit', pair, currency, partition, asked.nowUs);
  settleHold(state, wallet, 'captured', asked, changes);
  const paid = pay(book, state, wallet, account, asked.nowUs, changes);
  state.status = 'completed';
  state.walletSequence = paid.debit.sequence;
  return paid.entries;
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
    currency: state.currency,
    delta: told.direction === 'debit' ? -amount : amount,
    balanceAfter: BigInt(told.balanceAfter),
    overdraftLimit: told.overdraftLimit === undefined ? null : BigInt(told.overdraftLimit),
    createdAtUs: nowUs,
  };
}
