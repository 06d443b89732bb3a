import { z } from 'zod';
import { currency, id, metadata, movedMinorText, plainText } from './schema-fields.ts';
import { fnv1a32 } from './subjects.ts';

/** Owns the wallets that rewards are paid from: the platform itself, as which nobody signs in. */
export const REWARDS_OWNER = '00000000-0000-8000-8000-000000000001';

/**
 * The wallet that rewards in a currency are paid from. It follows from the currency, so nobody has
 * to look it up, and lies in one lane: whether there is money for a reward is decided by one owner.
 */
export const rewardsWalletId = (code: string): string =>
  `00000000-0000-8000-8000-0001${fnv1a32(`rewards ${code}`).toString(16).padStart(8, '0')}`;

/** A reward to be paid: decided like a transfer, but only the platform's own wallet pays it. */
export const rewardOrder = z.object({
  type: z.literal('reward'),
  transactionId: id,
  clientId: z.string().min(1).max(100),
  bodyHash: z.string().length(22),
  walletId: id,
  counterpartyWalletId: id,
  amount: movedMinorText,
  currency,
  description: plainText(500).optional(),
  metadata: metadata.optional(),
});
export type RewardOrder = z.infer<typeof rewardOrder>;
