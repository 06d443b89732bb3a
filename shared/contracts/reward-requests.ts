import { z } from 'zod';
import { currency, id, minorText, movedMinorText, plainText, timestamp } from './schema-fields.ts';

export const REWARD_KINDS = ['cashback', 'first-deposit', 'referral', 'streak'] as const;
export type RewardKind = (typeof REWARD_KINDS)[number];

/** Ten thousandths of an amount: 150 is 1.5 percent. */
const basisPoints = z.number().int().min(1).max(10_000);
const points = z.number().int().min(1).max(1_000_000);

/** What a rule pays for. @param amount how minor units of the rule's currency are written */
export const rewardTermsWith = <Amount extends z.ZodType<string>>(amount: Amount) =>
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('cashback'),
      basisPoints: basisPoints.meta({ description: 'Of each payment: 150 is 1.5 percent' }),
      rewardMax: amount.optional(),
      paymentMin: amount.optional(),
      payeeWalletIds: z
        .array(id)
        .min(1)
        .max(100)
        .optional()
        .meta({ description: 'Only for payments to these, e.g. shops; else to anybody else' }),
    }),
    z.strictObject({
      kind: z.literal('first-deposit'),
      reward: amount,
      depositMin: amount.optional(),
    }),
    z.strictObject({
      kind: z.literal('referral'),
      reward: amount,
      /** What the first deposit of a referred person must have. */
      depositMin: amount.optional(),
      beneficiary: z.enum(['referrer', 'referred']),
    }),
    z.strictObject({
      kind: z.literal('streak'),
      reward: amount,
      paymentMin: amount.optional(),
      pointsPerDay: points.meta({
        description: 'For a day with a payment, times the number of days in a row',
      }),
      pointsPerDayMax: points,
      pointsPerReward: points.meta({
        description: 'So many points are a reward, and are used up',
      }),
    }),
  ]);

export const rewardTerms = rewardTermsWith(movedMinorText);
export type RewardTerms = z.infer<typeof rewardTerms>;

export const RULE_STATUSES = ['active', 'paused'] as const;

/** A rule. What it pays for never changes: whoever wants other terms makes another rule. */
export const rewardRule = z.object({
  id,
  name: z.string(),
  currency,
  terms: rewardTerms,
  status: z.enum(RULE_STATUSES),
  validFrom: timestamp,
  validUntil: timestamp,
  budget: minorText.meta({ description: 'All that it may pay' }),
  committed: minorText.meta({ description: 'Paid or on its way, less what was taken back' }),
  perPersonMax: minorText.optional(),
  createdBy: z.string(),
  createdAt: timestamp,
});
export type RewardRule = z.infer<typeof rewardRule>;

export const REWARD_STATUSES = ['pending', 'paid', 'taken-back', 'failed', 'declined'] as const;

/** A reward. `id` is also that of the transaction that pays it. */
export const reward = z.object({
  id,
  ruleId: id,
  ruleName: z.string(),
  kind: z.enum(REWARD_KINDS),
  userId: id,
  status: z.enum(REWARD_STATUSES),
  reason: z.string().optional().meta({ description: 'Why it was not paid' }),
  amount: minorText,
  currency,
  takenBackAmount: minorText.optional().meta({ description: 'As its payment was given back' }),
  walletId: id.optional(),
  rewardedTransactionId: id,
  createdAt: timestamp,
});
export type Reward = z.infer<typeof reward>;

/** What there is to earn now, and how far somebody is with it. */
export const rewardOffer = rewardRule
  .pick({ id: true, name: true, currency: true, terms: true, validUntil: true })
  .extend({
    streak: z
      .object({ days: z.number().int(), points: z.number().int() })
      .optional()
      .meta({ description: 'Days in a row up to the last payment, and points not used up' }),
  });

const limit = z.number().int().min(1).max(100);
const cursor = z.string().max(200).optional();
const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

const newRule = z.object({
  id,
  name: plainText(100).min(1),
  currency,
  terms: rewardTerms,
  validFrom: timestamp.optional(),
  validUntil: timestamp,
  budget: movedMinorText,
  perPersonMax: movedMinorText.optional(),
  createdBy: z.string().max(100),
});
export type NewRewardRule = z.infer<typeof newRule>;

export const rewardRuleChange = z.object({
  name: plainText(100).min(1).optional(),
  status: z.enum(RULE_STATUSES).optional(),
  validUntil: timestamp.optional(),
  budget: movedMinorText.optional(),
});

/** What may be asked of the rewards service. */
export const REWARD_REQUESTS = {
  /** The same id again is answered by the rule that it made; with other words it is refused. */
  createRule: {
    subject: 'rpc.rewards.create-rule',
    request: newRule,
    response: z.union([
      z.object({ rule: rewardRule, replayed: z.boolean() }),
      z.object({ refused: z.enum(['id-reused', 'in-the-past']), detail: z.string() }),
    ]),
  },
  /** Newest first. */
  listRules: {
    subject: 'rpc.rewards.list-rules',
    request: z.object({ cursor, limit }),
    response: page(rewardRule),
  },
  getRule: {
    subject: 'rpc.rewards.get-rule',
    request: z.object({ id }),
    response: z.object({ rule: rewardRule.nullable() }),
  },
  changeRule: {
    subject: 'rpc.rewards.change-rule',
    request: z.object({ id, change: rewardRuleChange }),
    response: z.union([
      z.object({ rule: rewardRule, before: rewardRule }),
      z.object({ refused: z.enum(['not-found', 'not-possible']), detail: z.string() }),
    ]),
  },
  /** Of a person those that are theirs or will be; of everybody all, refused ones too. */
  listRewards: {
    subject: 'rpc.rewards.list-rewards',
    request: z.object({ userId: id.optional(), ruleId: id.optional(), cursor, limit }),
    response: page(reward),
  },
  listOffers: {
    subject: 'rpc.rewards.list-offers',
    request: z.object({ userId: id }),
    response: z.object({ items: z.array(rewardOffer) }),
  },
  /** A person's own code, made when it is first asked for, and whether they came by another's. */
  getReferral: {
    subject: 'rpc.rewards.get-referral',
    request: z.object({ userId: id }),
    response: z.object({ code: z.string(), wasReferred: z.boolean(), referredCount: z.number() }),
  },
  /** Before the first deposit, once, by the code of somebody else. */
  claimReferral: {
    subject: 'rpc.rewards.claim-referral',
    request: z.object({ userId: id, code: z.string().max(20) }),
    response: z.union([
      z.object({ claimed: z.literal(true) }),
      z.object({ refused: z.enum(['unknown-code', 'own-code', 'already', 'too-late']) }),
    ]),
  },
} as const;
