import {
  createEnvelope,
  LANE_TYPES,
  laneSubject,
  partitionOf,
  rewardsWalletId,
} from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { Publisher } from '@florin/messaging';
import { fingerprintOf, REWARDS_CLIENT } from '../domain/derived-ids.ts';
import type { ClaimedReward } from '../sql/rewards.ts';
import type { ClaimedTakeBack } from '../sql/take-backs.ts';

interface LaneDeps {
  /** One that signs. */
  publisher: Pick<Publisher, 'publish'>;
  partitions: number;
  clock: Clock;
}

const SOURCE = '/rewards';

/**
 * Puts orders into the lanes of the wallets that pay. Their ids follow from what they are for: the
 * stream drops a repetition that comes soon, the ledger one that comes late.
 * @throws RetryableError when the stream did not take an order in time: it may be there or not
 */
export function createLaneOrders({ publisher, partitions, clock }: LaneDeps) {
  const envelopeFields = (id: string, wallet: string, causationId: string) => {
    const time = new Date(clock.nowMs()).toISOString();
    return { id, source: SOURCE, wallet, time, causationId };
  };

  async function send(message: { id: string; type: string; partitionkey: string }): Promise<void> {
    const { id, type, partitionkey: wallet } = message;
    const partition = partitionOf(wallet, partitions);
    const subject = laneSubject('ready', partition, wallet);
    await publisher.publish({
      subject,
      body: JSON.stringify([message]),
      id,
      type,
      wallet,
      partition,
    });
  }

  return {
    pay(reward: ClaimedReward): Promise<void> {
      const walletId = rewardsWalletId(reward.currency);
      const order = {
        type: 'reward',
        transactionId: reward.id,
        clientId: REWARDS_CLIENT,
        walletId,
        counterpartyWalletId: reward.walletId,
        amount: String(reward.amount),
        currency: reward.currency,
      };
      const data = {
        ...order,
        bodyHash: fingerprintOf(order),
        description: reward.ruleName,
        metadata: { rewardRule: reward.ruleId, rewardedTransaction: reward.triggerId },
      };
      const fields = envelopeFields(reward.id, walletId, reward.triggerId);
      return send(createEnvelope(LANE_TYPES.rewardInitiated, { ...fields, data }));
    },

    takeBack({ transactionId, rewardId, walletId, amount, currency }: ClaimedTakeBack) {
      const order = {
        type: 'reversal',
        transactionId,
        clientId: REWARDS_CLIENT,
        walletId,
        relatedTransactionId: rewardId,
        amount: String(amount),
        all: false,
        currency,
      };
      const data = { ...order, bodyHash: fingerprintOf(order) };
      const fields = envelopeFields(transactionId, walletId, rewardId);
      return send(createEnvelope(LANE_TYPES.rewardReversalInitiated, { ...fields, data }));
    },
  };
}

export type LaneOrders = ReturnType<typeof createLaneOrders>;
