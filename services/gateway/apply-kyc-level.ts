import {
  createEnvelope,
  LANE_TYPES,
  laneSubject,
  partitionOf,
  type Wallet,
  type WalletLimits,
} from '@florin/contracts';
import { uuidv7, type Clock } from '@florin/kernel';
import type { Publisher } from '@florin/messaging';
import { currentTraceparent } from '@florin/runtime';
import type { Kyc } from './adapters/kyc.ts';
import type { Ledger } from './adapters/ledger.ts';
import type { AssetTable } from './domain/asset-table.ts';
import { asKycLevel, limitsOf } from './domain/kyc-limits.ts';
import { openWalletsOf } from './erase-account.ts';

export interface ApplyKycLevelDeps {
  kyc: Pick<Kyc, 'getPerson'>;
  ledger: Pick<Ledger, 'listWallets'>;
  publisher: Publisher;
  partitions: number;
  clock: Clock;
  assets: AssetTable;
}

type Limited = Pick<Wallet, 'id' | 'currency'>;

/**
 * Gives wallets the limits that their owner's level stands for, as identity knows it now. Repeated,
 * it says the same again; it resolves when the lanes have the new limits. Whoever identity does not
 * know is no person, and has none.
 */
export function createApplyKycLevel(deps: ApplyKycLevelDeps) {
  const { kyc, ledger, publisher, partitions, clock } = deps;

  async function tell({ id: wallet }: Limited, limits: WalletLimits): Promise<void> {
    const nowMs = clock.nowMs();
    const type = LANE_TYPES.changeWalletLimits;
    const partition = partitionOf(wallet, partitions);
    const message = createEnvelope(type, {
      id: uuidv7(nowMs),
      source: '/gateway',
      wallet,
      time: new Date(nowMs).toISOString(),
      data: { walletId: wallet, limits },
      traceparent: currentTraceparent(),
    });
    await publisher.publish({
      subject: laneSubject('ready', partition, wallet),
      body: JSON.stringify([message]),
      id: message.id,
      type,
      wallet,
      partition,
    });
  }

  async function toWallets(ownerId: string, wallets: readonly Limited[]): Promise<void> {
    const { kyc: person } = await kyc.getPerson({ userId: ownerId });
    if (person === null) return;
    const level = asKycLevel(person.level);
    await Promise.all(
      wallets.map((wallet) => tell(wallet, limitsOf(level, wallet.currency, deps.assets))),
    );
  }

  return {
    /** To one that was just opened: whatever changes the level from now on finds it. */
    toWallet: (wallet: Wallet): Promise<void> => toWallets(wallet.ownerId, [wallet]),
    toPerson: async (ownerId: string): Promise<void> =>
      toWallets(ownerId, await openWalletsOf(ledger, ownerId)),
  };
}

export type ApplyKycLevel = ReturnType<typeof createApplyKycLevel>;
