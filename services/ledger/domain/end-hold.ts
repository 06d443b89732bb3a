import { unspend } from './allowance.ts';
import type { Asked } from './asked.ts';
import type { Book, TransactionState, WalletState } from './book.ts';
import type { Changes, EventState } from './changes.ts';
import { transactionEvent, transactionText } from './events.ts';
import { drawHold } from './holds.ts';
import { touch } from './posting.ts';
import { freeOf, underWayOf } from './under-way.ts';

/**
 * Ends a hold: what is left of it is released. Answers the event that tells so. Completed when
 * anything of it was captured; otherwise reversed when somebody released it, failed when its time
 * was over. What another shard was asked to credit stays reserved: then it ends with the answer to
 * that, and there is no event yet.
 */
export function endHold(
  book: Book,
  state: TransactionState,
  wallet: WalletState,
  why: 'settled' | 'expired',
  asked: Asked,
  changes: Changes,
): EventState[] {
  const released = freeOf(book, state);
  if (released > 0n) {
    drawHold(state, wallet, { captured: 0n, released }, asked, changes);
    touch(wallet, asked.nowUs, changes);
    unspend(wallet, { amount: released, createdAtUs: state.createdAtUs });
  }
  if (underWayOf(book, state).length > 0) return [];
  const wasCaptured = (state.hold?.captured ?? 0n) > 0n;
  if (wasCaptured) state.status = 'completed';
  else if (why === 'settled') state.status = 'reversed';
  else {
    state.status = 'failed';
    state.failureCode = 'hold-expired';
  }
  state.walletPosted = wallet.posted;
  state.walletHeld = wallet.held;
  state.completedAtUs = Math.max(asked.nowUs, state.createdAtUs);
  changes.changedTransactions.add(state);
  const told = transactionText(state);
  return [transactionEvent(state, [], asked.nextEvent(), true, told)];
}
