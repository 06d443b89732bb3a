import { REWARDS_OWNER, rewardsWalletId, type bankPaymentBody } from '@florin/contracts';
import type { WalletDirectory } from './adapters/wallet-directory.ts';
import type { OpenWallet } from './change-wallet.ts';
import { bankOrderOf, type OrderIdentity } from './domain/order.ts';
import { isRefusal } from './domain/refusal.ts';
import type { Placement, PlacementContext, PlaceTransaction } from './place-transaction.ts';
import type { z } from 'zod';

interface FundDeps {
  directory: Pick<WalletDirectory, 'find'>;
  openWallet: OpenWallet;
  placeTransaction: PlaceTransaction;
}

type Funding = Omit<z.output<typeof bankPaymentBody>, 'walletId'>;

/**
 * Brings the platform's own money into the wallet that rewards of a currency are paid from: a
 * deposit like any other, into a wallet that is opened when it is first needed.
 */
export function createFundRewards({ directory, openWallet, placeTransaction }: FundDeps) {
  return async (
    identity: OrderIdentity,
    funding: Funding,
    context: PlacementContext,
  ): Promise<Placement> => {
    const { currency } = identity;
    const walletId = rewardsWalletId(currency);
    if ((await directory.find(walletId)) === undefined) {
      const opening = { walletId, ownerId: REWARDS_OWNER, name: `Rewards ${currency}`, currency };
      const opened = await openWallet(opening, '', context.requestId);
      if (isRefusal(opened)) return opened;
    }
    return placeTransaction(bankOrderOf('deposit', identity, { ...funding, walletId }), context);
  };
}

export type FundRewards = ReturnType<typeof createFundRewards>;
