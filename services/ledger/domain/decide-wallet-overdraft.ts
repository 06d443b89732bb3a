import type { WalletOverdraftChange } from '@florin/contracts';
import { availableOf, type Book } from './book.ts';
import type { Changes } from './changes.ts';
import type { Asked } from './asked.ts';
import { answerWallet, answerWalletRefusal } from './decide-wallet.ts';
import { walletEvent } from './events.ts';
import { touch } from './posting.ts';

/**
 * Sets how far below zero a wallet may go. What is available counts, so that what is held may still
 * be paid; nobody is put in the wrong by a limit below what they use already.
 */
export function decideWalletOverdraft(
  book: Book,
  requestId: string,
  change: WalletOverdraftChange,
  asked: Asked,
  changes: Changes,
): undefined {
  const wallet = book.wallets.get(change.walletId);
  const limit = BigInt(change.limit);
  if (wallet === undefined || wallet.kind !== 'user') {
    answerWalletRefusal('not-found', requestId, asked, changes);
  } else if (wallet.overdraftLimit === limit) {
    answerWallet(wallet, requestId, true, asked, changes);
  } else if (wallet.status === 'closed') {
    answerWalletRefusal('wallet-closed', requestId, asked, changes);
  } else if (availableOf(wallet) < -limit) {
    answerWalletRefusal('overdraft-in-use', requestId, asked, changes);
  } else {
    const highest = changes.overdrafts.get(wallet) ?? wallet.overdraftLimit;
    changes.overdrafts.set(wallet, limit > highest ? limit : highest);
    wallet.overdraftLimit = limit;
    touch(wallet, asked.nowUs, changes);
    changes.events.push(walletEvent('wallet-overdraft-changed', wallet, asked.nextEvent()));
    answerWallet(wallet, requestId, false, asked, changes);
  }
  return undefined;
}
