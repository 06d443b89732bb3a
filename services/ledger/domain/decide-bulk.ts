import {
  ordersOfBulk,
  type AtomicBulk,
  type RefusalCode,
  type TransactionOrder,
} from '@florin/contracts';
import { assert, isCurrency, present } from '@florin/kernel';
import { answer } from './answer.ts';
import type { Asked, Undecidable } from './asked.ts';
import type { Book, TransactionState, WalletState } from './book.ts';
import { answerWith, noChanges, type Changes } from './changes.ts';
import { decideOrder, refuseOrder } from './decide-order.ts';
import { transactionText } from './events.ts';
import { toTransaction } from './views.ts';

/**
 * Carries out all transfers of a bulk or none. They are tried on a copy first, one after the other:
 * each sees what those before it would have done. The first that is refused is written down as a
 * failed transaction and stands for all: the same bulk again is told the same. Of the others
 * nothing is written.
 *
 * Wallets of other lanes may be among the payers. Their rows are locked like all others of the
 * batch, so nobody else decides about them meanwhile.
 */
export function decideBulk(
  book: Book,
  requestId: string,
  bulk: AtomicBulk,
  asked: Asked,
  changes: Changes,
): Undecidable | undefined {
  const orders = ordersOfBulk(bulk);
  const known = orders.map(({ transactionId }) => book.transactions.get(transactionId));
  if (known.some((state) => state !== undefined)) {
    answerAgain(bulk, requestId, known, asked, changes);
    return undefined;
  }
  const elsewhere = firstElsewhere(book, orders);
  if (elsewhere !== undefined) {
    writeRefusal(book, requestId, orders, elsewhere, asked, changes);
    return undefined;
  }
  for (const { walletId, currency } of orders) {
    if (book.wallets.get(walletId)?.kind !== 'user') return { undecidable: 'unknown wallet' };
    if (!isCurrency(currency)) return { undecidable: 'unknown currency' };
  }
  const refused = firstRefused(book, orders, asked);
  if (refused === undefined) {
    for (const order of orders) decideOrder(book, order.transactionId, order, asked, changes);
    return undefined;
  }
  writeRefusal(book, requestId, orders, refused, asked, changes);
  return undefined;
}

interface Refused {
  item: number;
  code: RefusalCode;
}

function writeRefusal(
  book: Book,
  requestId: string,
  orders: readonly TransactionOrder[],
  { item, code }: Refused,
  asked: Asked,
  changes: Changes,
): void {
  const order = present(orders[item], 'order of a bulk');
  const wallet = present(book.wallets.get(order.walletId), 'wallet that was just checked');
  const state = refuseOrder(book, order, wallet, code, asked, changes);
  refuse(requestId, item, state, false, asked, changes);
}

/**
 * All or nothing is decided in one place: where the books of a wallet are elsewhere, nothing. What
 * another wallet there would pay is refused by the name of the first order, whose payer is here.
 */
function firstElsewhere(
  { wallets, otherShards }: Book,
  orders: readonly TransactionOrder[],
): Refused | undefined {
  const { isElsewhere = () => false } = otherShards ?? {};
  if (otherShards === undefined || wallets.get(orders[0]?.walletId ?? '')?.kind !== 'user') {
    return undefined;
  }
  const item = orders.findIndex(
    (order) =>
      isElsewhere(order.walletId) ||
      ('counterpartyWalletId' in order && isElsewhere(order.counterpartyWalletId)),
  );
  if (item === -1) return undefined;
  const isPayer = isElsewhere(orders[item]?.walletId ?? '');
  return { item: isPayer ? 0 : item, code: 'between-shards' };
}

/** Tries them on copies of their wallets. A review refuses: nobody looks at one of many. */
function firstRefused(
  book: Book,
  orders: readonly TransactionOrder[],
  asked: Asked,
): Refused | undefined {
  const draft: Book = {
    wallets: new Map(),
    transactions: new Map(),
    usedQuotes: new Set(),
    adjustments: new Map(),
  };
  for (const order of orders) {
    copyWallet(book, draft, order.walletId);
    if ('counterpartyWalletId' in order) copyWallet(book, draft, order.counterpartyWalletId);
  }
  const silent = { ...asked, origin: '', nextEvent: () => 0 };
  for (const [item, order] of orders.entries()) {
    if (draft.transactions.has(order.transactionId)) continue;
    decideOrder(draft, order.transactionId, order, silent, noChanges());
    const state = present(draft.transactions.get(order.transactionId), 'order just decided');
    if (state.status === 'completed') continue;
    assert(state.status === 'failed' || state.review !== null, 'an order of a bulk is not final');
    return { item, code: state.failureCode ?? 'risk-blocked' };
  }
  return undefined;
}

function copyWallet(book: Book, draft: Book, id: string): void {
  const wallet: WalletState | undefined = book.wallets.get(id);
  if (wallet === undefined || draft.wallets.has(id)) return;
  draft.wallets.set(id, { ...wallet, allowance: wallet.allowance && { ...wallet.allowance } });
}

/** All of them are known, or the one that was refused: both are told again. */
function answerAgain(
  { clientId, bodyHash }: AtomicBulk,
  requestId: string,
  known: readonly (TransactionState | undefined)[],
  asked: Asked,
  changes: Changes,
): void {
  if (asked.origin === '') return;
  const states = known.filter((state) => state !== undefined);
  if (states.some((state) => state.clientId !== clientId || state.bodyHash !== bodyHash)) {
    changes.outcomes.push(answerWith(asked.origin, { kind: 'key-reused', requestId }));
    return;
  }
  for (const [item, state] of known.entries()) {
    if (state?.status === 'failed') return refuse(requestId, item, state, true, asked, changes);
  }
  for (const state of states) {
    const told = transactionText(state);
    told();
    answer(state.id, told, true, asked.origin, changes);
  }
}

function refuse(
  requestId: string,
  item: number,
  state: TransactionState,
  replayed: boolean,
  asked: Asked,
  changes: Changes,
): void {
  if (asked.origin === '') return;
  const transaction = toTransaction(state);
  const refused = { kind: 'bulk-refused', requestId, item, transaction, replayed } as const;
  changes.outcomes.push(answerWith(asked.origin, refused));
}
