import { z } from 'zod';
import { currency, plainText, timestamp } from './schema-fields.ts';

/** Payments that a fee can be asked for. What is held pays when it is captured. */
export const FEE_TYPES = ['transfer', 'deposit', 'withdrawal', 'capture', 'conversion'] as const;
export type FeeType = (typeof FEE_TYPES)[number];

export const FEE_PAYERS = ['sender', 'recipient'] as const;
export type FeePayer = (typeof FEE_PAYERS)[number];

/** Who may be asked: of the others there is no wallet here, or it was not asked for the fee. */
const PAYERS_OF: Record<FeeType, readonly FeePayer[]> = {
  transfer: ['sender', 'recipient'],
  deposit: ['recipient'],
  withdrawal: ['sender'],
  capture: ['recipient'],
  // In the currency that is given: what arrives is what was promised.
  conversion: ['sender'],
};

export const BASIS_POINTS = 10_000;
const RULES_MAX = 500;
const TIERS_MAX = 20;

const feeText = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,14})$/, {
    error: 'must be minor units as a string of digits',
    abort: true,
  })
  .meta({ description: 'Minor units', examples: ['30'] });

const tier = z.strictObject({
  from: feeText.meta({ description: 'Holds for amounts from here on; the first begins at 0' }),
  flat: feeText.default('0'),
  basisPoints: z
    .number()
    .int()
    .min(0)
    .max(BASIS_POINTS)
    .default(0)
    .meta({ description: 'Hundredths of a percent of the whole amount, rounded half up' }),
});

const ascends = (tiers: readonly { from: string }[]): boolean =>
  tiers.every(({ from }, at) =>
    at === 0 ? from === '0' : BigInt(from) > BigInt(tiers[at - 1]?.from ?? 0),
  );

/**
 * A flat fee is one tier with `flat`, a percentage one with `basisPoints`; more tiers make it
 * depend on the amount. The tier that an amount falls in holds for all of it.
 */
export const feeRule = z
  .strictObject({
    type: z.enum(FEE_TYPES),
    currency,
    paidBy: z.enum(FEE_PAYERS),
    tiers: z.array(tier).min(1).max(TIERS_MAX),
    min: feeText.optional().meta({ description: 'Never less than this' }),
    max: feeText.optional().meta({ description: 'Never more than this' }),
  })
  .refine(({ tiers }) => ascends(tiers), { error: 'tiers must begin at 0 and ascend' })
  .refine(({ min, max }) => min === undefined || max === undefined || BigInt(min) <= BigInt(max), {
    error: 'min must not be above max',
  })
  .refine(({ type, paidBy }) => PAYERS_OF[type].includes(paidBy), {
    error: 'who receives pays for deposits and captures, who sends for withdrawals and conversions',
  });
export type FeeRule = z.infer<typeof feeRule>;

export const feeRules = z
  .array(feeRule)
  .max(RULES_MAX)
  .refine(
    (rules) => new Set(rules.map((rule) => `${rule.type} ${rule.currency}`)).size === rules.length,
    { error: 'one rule for each type and currency' },
  );

/** What is asked for payments. It changes as a whole: each change is a new version. */
export const feeSchedule = z.object({
  version: z.number().int().nonnegative().meta({ description: '0: nobody has set any fee yet' }),
  rules: feeRules,
  changedAt: timestamp.optional(),
});
export type FeeSchedule = z.infer<typeof feeSchedule>;

/** A version as the staff sees it. */
export const feeScheduleVersion = feeSchedule.extend({
  changedBy: z.string(),
  changedAt: timestamp,
  note: z.string().optional(),
});
export type FeeScheduleVersion = z.infer<typeof feeScheduleVersion>;

/** What may be asked of the ledger about fees. */
export const FEE_REQUESTS = {
  /** Without a version the one that holds. Null: there is no such version. */
  getFees: {
    subject: 'rpc.ledger.get-fees',
    request: z.object({ version: z.number().int().nonnegative().optional() }),
    response: z.object({ schedule: feeSchedule.nullable() }),
  },
  /** Newest first, older than `before`. */
  listFees: {
    subject: 'rpc.ledger.list-fees',
    request: z.object({
      before: z.number().int().positive().optional(),
      limit: z.number().int().min(1).max(100),
    }),
    response: z.object({ items: z.array(feeScheduleVersion) }),
  },
  /**
   * Sets all of them, unless somebody has changed them since version `basedOn`. The same person who
   * sets the same rules again is told of the version that has them.
   */
  setFees: {
    subject: 'rpc.ledger.set-fees',
    request: z.object({
      basedOn: z.number().int().nonnegative(),
      rules: feeRules,
      changedBy: z.string().min(1).max(100),
      note: plainText(500).optional(),
    }),
    response: z.union([
      z.object({ ok: z.literal(true), schedule: feeScheduleVersion }),
      z.object({ ok: z.literal(false), version: z.number().int() }),
    ]),
  },
} as const;
