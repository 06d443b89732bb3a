import { assert } from '@florin/kernel';
import type { Asked } from './asked.ts';
import type { TransactionState, WalletState } from './book.ts';
import type { Changes } from './changes.ts';
import { touch } from './posting.ts';

/** Reserves a transaction's amount on the paying wallet: nobody else can spend it meanwhile. */
export function placeHold(
  state: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
): void {
  wallet.held += state.amount;
  touch(wallet, asked.nowUs, changes);
  changes.newHolds.push({
    transactionId: state.id,
    walletId: wallet.id,
    amount: state.amount,
    placedAtUs: asked.nowUs,
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
  wallet.held -= state.amount;
  assert(wallet.held >= 0n, 'more released than was held');
  touch(wallet, asked.nowUs, changes);
  changes.settledHolds.push({
    transactionId: state.id,
    captured: how === 'captured' ? state.amount : 0n,
    released: how === 'released' ? state.amount : 0n,
    settledAtUs: asked.nowUs,
  });
}
