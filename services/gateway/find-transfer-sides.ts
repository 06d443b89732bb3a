import type { WalletDirectory, WalletFacts } from './adapters/wallet-directory.ts';
import { mayMoveMoneyOf, type Caller } from './domain/caller.ts';
import { isRefusal, refusal, walletNotFound, type Refusal } from './domain/refusal.ts';
import type { FindRecipientWallet } from './find-recipient-wallet.ts';

interface SidesDeps {
  directory: Pick<WalletDirectory, 'find'>;
  findRecipientWallet: FindRecipientWallet;
}

interface AskedSides {
  fromWalletId: string;
  toWalletId?: string | undefined;
  toEmail?: string | undefined;
}

/** Who pays whom, once it is certain that they exist and the caller may decide about it. */
export interface TransferSides {
  from: WalletFacts;
  toWalletId: string;
}

/**
 * The two sides of a transfer that is made later: what would never be possible is refused now,
 * where somebody reads the answer.
 */
export function createFindTransferSides({ directory, findRecipientWallet }: SidesDeps) {
  async function receiverOf(
    { toWalletId, toEmail }: AskedSides,
    { currency }: WalletFacts,
  ): Promise<{ walletId: string; facts: WalletFacts | undefined } | Refusal> {
    if (toWalletId !== undefined) {
      return { walletId: toWalletId, facts: await directory.find(toWalletId) };
    }
    const walletId = await findRecipientWallet(toEmail ?? '', currency);
    if (walletId !== undefined) return { walletId, facts: await directory.find(walletId) };
    return refusal('not-found', `nobody with this e-mail has a wallet in ${currency}`);
  }

  return async (asked: AskedSides, caller: Caller): Promise<TransferSides | Refusal> => {
    const from = await directory.find(asked.fromWalletId);
    if (from === undefined || !mayMoveMoneyOf(caller, from.ownerId)) {
      return walletNotFound(asked.fromWalletId);
    }
    const receiver = await receiverOf(asked, from);
    if (isRefusal(receiver)) return receiver;
    const { walletId: toWalletId, facts: to } = receiver;
    if (to === undefined) return walletNotFound(toWalletId);
    if (toWalletId === asked.fromWalletId) {
      return refusal('same-wallet', 'a wallet can not pay itself');
    }
    if (to.currency !== from.currency) {
      const detail = `the wallets have ${from.currency} and ${to.currency}`;
      return refusal('currency-mismatch', detail);
    }
    return { from, toWalletId };
  };
}

export type FindTransferSides = ReturnType<typeof createFindTransferSides>;
