import type { Book, TransactionState } from './book.ts';
import { heldOf } from './holds.ts';

/**
 * What follows from a transaction and waits for another shard. It counts as done until that one has
 * refused it: nothing is given back or captured twice because an answer takes its time.
 */
export function underWayOf(book: Book, { id }: TransactionState): TransactionState[] {
  if (book.otherShards === undefined) return [];
  return [...book.transactions.values()].filter(
    ({ followUp, status }) => followUp?.relatedId === id && status === 'held',
  );
}

/** What is reserved of a hold and not asked for by captures that wait for another shard. */
export function freeOf(book: Book, hold: TransactionState): bigint {
  const captures = underWayOf(book, hold);
  if (captures.some(({ followUp }) => followUp?.endsHold)) return 0n;
  return captures.reduce((left, { amount }) => left - amount, heldOf(hold));
}

/** Somebody has released it: what captures under way don’t take goes back as they are answered. */
export const isEnding = ({ status, hold }: TransactionState): boolean =>
  status === 'held' && hold !== null && hold.released > 0n;
