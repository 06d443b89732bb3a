import type {
  Outcome,
  WalletLimitsChange,
  WalletOpening,
  WalletStatusChange,
} from '@florin/contracts';
import { allowanceOf } from './allowance.ts';
import { isFinal, type Book, type WalletState } from './book.ts';
import { answerWith, type Changes } from './changes.ts';
import type { Asked, Undecidable } from './asked.ts';
import { walletEvent } from './events.ts';
import { touch } from './posting.ts';
import { toWallet } from './views.ts';

/** Opens a wallet, once per id: the same request again shows what was opened. */
export function decideWalletOpening(
  book: Book,
  requestId: string,
  opening: WalletOpening,
  asked: Asked,
  changes: Changes,
): undefined {
  const known = book.wallets.get(opening.walletId);
  if (known !== undefined) {
    // What has a purpose is found by it, whatever it is to be called this time.
    const same =
      known.ownerId === opening.ownerId &&
      known.currency === opening.currency &&
      known.purpose === (opening.purpose ?? null) &&
      (known.purpose !== null || known.name === opening.name);
    if (same) answerWallet(known, requestId, true, asked, changes);
    else answerWalletRefusal('idempotency-key-reused', requestId, asked, changes);
    return undefined;
  }
  const opened: WalletState = {
    id: opening.walletId,
    partition: asked.partition,
    kind: 'user',
    ownerId: opening.ownerId,
    name: opening.name,
    purpose: opening.purpose ?? null,
    currency: opening.currency,
    status: 'active',
    posted: 0n,
    held: 0n,
    overdraftLimit: 0n,
    allowance: opening.limits === undefined ? null : allowanceOf(opening.limits, null),
    sequence: 0,
    version: 0,
    createdAtUs: asked.nowUs,
    changedAtUs: asked.nowUs,
    isNew: true,
  };
  book.wallets.set(opened.id, opened);
  touch(opened, asked.nowUs, changes);
  if (opened.allowance !== null) changes.limited.add(opened);
  changes.events.push(walletEvent('wallet-opened', opened, asked.nextEvent()));
  answerWallet(opened, requestId, false, asked, changes);
  return undefined;
}

/** Freezes, unfreezes or closes. To be what one is already is no change, and no refusal. */
export function decideWalletStatus(
  book: Book,
  requestId: string,
  change: WalletStatusChange,
  asked: Asked,
  changes: Changes,
): undefined {
  const wallet = book.wallets.get(change.walletId);
  if (wallet === undefined || wallet.kind !== 'user') {
    answerWalletRefusal('not-found', requestId, asked, changes);
    return undefined;
  }
  if (wallet.status === change.to) {
    answerWallet(wallet, requestId, true, asked, changes);
  } else if (wallet.status === 'closed') {
    answerWalletRefusal('wallet-closed', requestId, asked, changes);
  } else if (change.to === 'closed' && !mayClose(book, wallet)) {
    answerWalletRefusal('wallet-not-empty', requestId, asked, changes);
  } else {
    wallet.status = change.to;
    touch(wallet, asked.nowUs, changes);
    changes.events.push(walletEvent('wallet-status-changed', wallet, asked.nextEvent()));
    answerWallet(wallet, requestId, false, asked, changes);
  }
  return undefined;
}

/** Sets what may leave a wallet. What has left it today and this month still counts. */
export function decideWalletLimits(
  book: Book,
  { walletId, limits }: WalletLimitsChange,
  changes: Changes,
): Undecidable | undefined {
  const wallet = book.wallets.get(walletId);
  if (wallet === undefined || wallet.kind !== 'user') return { undecidable: 'unknown wallet' };
  wallet.allowance = limits === null ? null : allowanceOf(limits, wallet.allowance);
  changes.limited.add(wallet);
  return undefined;
}

/**
 * Empty, and staying so: a deposit that a bank is still asked for would bring money to a closed
 * wallet. The book of a closing holds every open transaction of its wallet.
 */
function mayClose(book: Book, wallet: WalletState): boolean {
  if (wallet.posted !== 0n || wallet.held !== 0n) return false;
  for (const { walletId, status } of book.transactions.values()) {
    if (walletId === wallet.id && !isFinal(status)) return false;
  }
  return true;
}

export function answerWallet(
  wallet: WalletState,
  requestId: string,
  replayed: boolean,
  asked: Asked,
  changes: Changes,
): void {
  if (asked.origin === '') return;
  const outcome: Outcome = { kind: 'wallet', requestId, wallet: toWallet(wallet), replayed };
  changes.outcomes.push(answerWith(asked.origin, outcome));
}

export function answerWalletRefusal(
  code: Extract<Outcome, { kind: 'wallet-refused' }>['code'],
  requestId: string,
  asked: Asked,
  changes: Changes,
): void {
  if (asked.origin === '') return;
  changes.outcomes.push(answerWith(asked.origin, { kind: 'wallet-refused', requestId, code }));
}
