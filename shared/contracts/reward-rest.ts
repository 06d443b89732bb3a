import { z } from 'zod';
import { pageQuery } from './rest.ts';
import { rewardOffer, rewardTermsWith, RULE_STATUSES } from './reward-requests.ts';
import { amountInput, bankAccount, currency, id, plainText, timestamp } from './schema-fields.ts';
import { balances } from './transaction.ts';

/** What REST reads and answers about rewards. */

const amount = amountInput.transform(String);

export const rewardRuleBody = z.strictObject({
  name: plainText(100).min(1).meta({ description: 'Seen by whoever is rewarded' }),
  currency,
  terms: rewardTermsWith(amount),
  validFrom: timestamp.optional().meta({ description: 'Now or later; now unless given' }),
  validUntil: timestamp,
  budget: amount,
  perPersonMax: amount.optional(),
});
export const rewardRuleChangeBody = z
  .strictObject({
    name: plainText(100).min(1).optional(),
    status: z.enum(RULE_STATUSES).optional(),
    validUntil: timestamp.optional(),
    budget: amount.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, { error: 'must change something' });
export const anyRewardsQuery = pageQuery.extend({ ruleId: id.optional() });
export const rewardOffersView = z.object({ items: z.array(rewardOffer) });
export const referralView = z.object({
  code: z.string().meta({ description: 'For others, to say who brought them' }),
  wasReferred: z.boolean(),
  referredCount: z.number().int(),
});
export const claimReferralBody = z.strictObject({ code: plainText(20).min(1) });
export const rewardFundsBody = z.strictObject({ currency, amount: amountInput, bankAccount });
export const rewardFundsView = z.object({
  items: z.array(z.object({ currency, walletId: id, balances })),
});
