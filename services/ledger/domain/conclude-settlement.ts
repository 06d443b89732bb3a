import { answer } from './answer.ts';
import type { Asked } from './asked.ts';
import type { EntryState, TransactionState, WalletState } from './book.ts';
import type { Changes, EventState } from './changes.ts';
import { transactionEvent, transactionText } from './events.ts';

/**
 * Writes down that a transaction has its final word, and tells all, and whoever waits for it. What
 * it ends is told after it, and done before: the balances are those after all of it.
 */
export function concludeSettlement(
  state: TransactionState,
  wallet: WalletState,
  entries: readonly EntryState[],
  asked: Asked,
  changes: Changes,
  end: () => EventState[] = () => [],
): void {
  const sequence = asked.nextEvent();
  const ended = end();
  state.walletPosted = wallet.posted;
  state.walletHeld = wallet.held;
  state.completedAtUs = Math.max(asked.nowUs, state.createdAtUs);
  changes.changedTransactions.add(state);
  const told = transactionText(state);
  changes.events.push(
    transactionEvent(state, entries, sequence, true, told, asked.traceparent),
    ...ended,
  );
  answer(state.id, told, false, state.origin, changes);
}
