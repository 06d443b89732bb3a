import type { WalletFacts } from '../adapters/wallet-directory.ts';
import {
  mayLookIntoWalletOf,
  mayManageWalletOf,
  mayMoveMoneyOf,
  type Caller,
} from '../domain/caller.ts';
import { walletNotFound, type Refusal } from '../domain/refusal.ts';

/** Other people's wallets are as unknown as those that do not exist. */

/** A wallet that this caller may move money of, or bring money into. */
export const ownWallet = (
  facts: WalletFacts | undefined,
  caller: Caller,
  walletId: string,
): WalletFacts | Refusal =>
  facts !== undefined && mayMoveMoneyOf(caller, facts.ownerId) ? facts : walletNotFound(walletId);

/** A wallet that this caller may look into. */
export const visibleWallet = (
  facts: WalletFacts | undefined,
  caller: Caller,
  walletId: string,
): WalletFacts | Refusal =>
  facts !== undefined && mayLookIntoWalletOf(caller, facts.ownerId)
    ? facts
    : walletNotFound(walletId);

/** A wallet that this caller may change the status of. */
export const managedWallet = (
  facts: WalletFacts | undefined,
  caller: Caller,
  walletId: string,
): WalletFacts | Refusal =>
  facts !== undefined && mayManageWalletOf(caller, facts.ownerId)
    ? facts
    : walletNotFound(walletId);
