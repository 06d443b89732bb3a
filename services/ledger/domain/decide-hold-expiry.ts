import type { HoldExpiry } from '@florin/contracts';
import { present } from '@florin/kernel';
import type { Asked, Undecidable } from './asked.ts';
import { isUnderReview, type Book } from './book.ts';
import type { Changes } from './changes.ts';
import { endHold } from './end-hold.ts';
import { underWayOf } from './under-way.ts';

/** Ends a hold whose time is over. Said too early, or of a settled one, it changes nothing. */
export function decideHoldExpiry(
  book: Book,
  { transactionId, walletId }: HoldExpiry,
  asked: Asked,
  changes: Changes,
): Undecidable | undefined {
  const state = book.transactions.get(transactionId);
  if (state === undefined || state.walletId !== walletId || state.type !== 'hold') {
    return { undecidable: 'expiry of an unknown hold' };
  }
  const { hold, status } = state;
  // Under review it waits for a verdict, which comes in its own time.
  if (hold === null || status !== 'held' || isUnderReview(state)) return undefined;
  if (asked.nowUs < hold.expiresAtUs) return undefined;
  // What it may still pay for in another shard ends it with its answer.
  if (underWayOf(book, state).length > 0) return undefined;
  const wallet = present(book.wallets.get(walletId), 'wallet of a transaction');
  changes.events.push(...endHold(book, state, wallet, 'expired', asked, changes));
  return undefined;
}
