import { assert } from '@florin/kernel';
import type { Asked } from './asked.ts';
import type { TransactionState, WalletState } from './book.ts';
import type { Changes } from './changes.ts';
import { costOf } from './fee.ts';
import { touch } from './posting.ts';

/**
 * Reserves what a transaction takes from the paying wallet, with a fee that it pays: nobody else
 * can spend it meanwhile.
 */
export function placeHold(
  state: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
): void {
  wallet.held += costOf(state);
  touch(wallet, asked.nowUs, changes);
  changes.newHolds.push({
    transactionId: state.id,
    walletId: wallet.id,
    amount: costOf(state),
    placedAtUs: asked.nowUs,
    expiresAtUs: state.hold?.expiresAtUs ?? null,
  });
}

/** Ends a transaction's hold. What was captured is posted by the caller. */
export function settleHold(
  state: TransactionState,
  wallet: WalletState,
  how: 'captured' | 'released',
  asked: Asked,
  changes: Changes,
): void {
  const drawn =
    how === 'captured'
      ? { captured: costOf(state), released: 0n }
      : { captured: 0n, released: costOf(state) };
  drawHold(state, wallet, drawn, asked, changes);
  touch(wallet, asked.nowUs, changes);
}

/**
 * Takes a part of what a transaction holds, or all of it, which settles the hold. The caller
 * touches the wallet, or posts what was captured, which does.
 */
export function drawHold(
  state: TransactionState,
  wallet: WalletState,
  { captured, released }: { captured: bigint; released: bigint },
  asked: Asked,
  changes: Changes,
): void {
  wallet.held -= captured + released;
  assert(wallet.held >= 0n, 'more released than was held');
  if (state.hold !== null) {
    const { hold } = state;
    state.hold = {
      ...hold,
      captured: hold.captured + captured,
      released: hold.released + released,
    };
  }
  const before = changes.drawnHolds.get(state.id);
  const left = state.hold === null ? 0n : state.amount - state.hold.captured - state.hold.released;
  changes.drawnHolds.set(state.id, {
    captured: captured + (before?.captured ?? 0n),
    released: released + (before?.released ?? 0n),
    settledAtUs: left === 0n ? asked.nowUs : null,
  });
}

/** What is still reserved of a hold of its own. */
export const heldOf = ({ amount, hold, status }: TransactionState): bigint =>
  hold === null || status !== 'held' ? 0n : amount - hold.captured - hold.released;
