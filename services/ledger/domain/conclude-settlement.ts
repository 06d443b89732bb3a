import { answer } from './answer.ts';
import type { Asked } from './asked.ts';
import type { EntryState, TransactionState, WalletState } from './book.ts';
import type { Changes } from './changes.ts';
import { transactionEvent, transactionText } from './events.ts';

/** Writes down that a transaction has its final word, and tells all, and whoever waits for it. */
export function concludeSettlement(
  state: TransactionState,
  wallet: WalletState,
  entries: readonly EntryState[],
  asked: Asked,
  changes: Changes,
): void {
  state.walletPosted = wallet.posted;
  state.walletHeld = wallet.held;
  state.completedAtUs = Math.max(asked.nowUs, state.createdAtUs);
  changes.changedTransactions.add(state);
  const told = transactionText(state);
  changes.events.push(
    transactionEvent(state, entries, asked.nextEvent(), true, told, asked.traceparent),
  );
  answer(state.id, told, false, state.origin, changes);
}
