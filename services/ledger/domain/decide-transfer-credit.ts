import {
  LANE_TYPES,
  type RefusalCode,
  type TransferCredit,
  type TransferSettlement,
} from '@florin/contracts';
import { isCurrency, present } from '@florin/kernel';
import { arrivalIdOf } from './arrival-id.ts';
import type { Asked, Undecidable } from './asked.ts';
import {
  availableOf,
  BALANCE_MAX,
  CLEARING_DEPOSITS_MAX,
  TOLD_ELSEWHERE,
  type Book,
  type EntryState,
  type TransactionState,
  type WalletState,
} from './book.ts';
import type { Changes, Letter } from './changes.ts';
import { move, systemAccount } from './posting.ts';
import { inStoredOrder } from './stored-order.ts';
import { systemAccountId } from './system-accounts.ts';

/**
 * Credits what is held for a wallet of ours in another shard, or refuses to, and answers there. The
 * first decision stands: asked again, it is told again. Nobody else hears of it from here, as the
 * transaction's one event tells both sides.
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
  if (!isCurrency(order.currency)) return { undecidable: 'unknown currency' };
  const known = book.transactions.get(id);
  if (known !== undefined) {
    changes.letters.push(answerTo(order, known.failureCode, arrivedBefore(book, known)));
    return undefined;
  }
  const pair = book.otherShards.pairOf(order.payerWalletId);
  const refusal = refusalOf(book, order, pair, asked.partition);
  const state = newArrival(id, order, refusal, asked);
  book.transactions.set(id, state);
  changes.newTransactions.push(state);
  const entries = refusal === undefined ? credit(book, state, pair, asked, changes) : [];
  changes.letters.push(answerTo(order, refusal ?? null, entries));
  return undefined;
}

function refusalOf(
  book: Book,
  { walletId, amount, currency }: TransferCredit,
  pair: string,
  partition: number,
): RefusalCode | undefined {
  const payee = book.wallets.get(walletId);
  if (payee === undefined || payee.kind !== 'user') return 'not-found';
  if (payee.status === 'closed') return 'wallet-closed';
  if (payee.status === 'frozen') return 'wallet-frozen';
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
  pair: string,
  { partition, nowUs }: Asked,
  changes: Changes,
): EntryState[] {
  const payee = present(state.counterpartyWalletId, 'payee of an arrival');
  const wallet: WalletState = present(book.wallets.get(payee), 'wallet that was just checked');
  const account = systemAccount(book, 'transit', pair, wallet.currency, partition, nowUs);
  const paid = move(state.id, state.amount, account, wallet, nowUs, changes);
  state.counterpartySequence = paid.credit.sequence;
  const { amount, currency } = state;
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

function newArrival(
  id: string,
  order: TransferCredit,
  refusal: RefusalCode | undefined,
  { partition, nowUs }: Asked,
): TransactionState {
  return {
    id,
    partition,
    eventSequence: TOLD_ELSEWHERE,
    type: order.type,
    status: refusal === undefined ? 'completed' : 'failed',
    walletId: order.payerWalletId,
    counterpartyWalletId: order.walletId,
    amount: BigInt(order.amount),
    currency: order.currency,
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
    followUp: null,
    reversed: 0n,
    hold: null,
    conversion: null,
    splitId: null,
    direction: null,
    fee: null,
    createdAtUs: nowUs,
    completedAtUs: nowUs,
  };
}
