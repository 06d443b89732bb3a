import { z } from 'zod';
import { FEATURES, type FeatureName } from '../features/mod.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const column = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keep') }),
  z.object({ kind: z.literal('standard'), mean: z.number(), deviation: z.number() }),
  z.object({ kind: z.literal('piecewise'), edges: z.array(z.number()) }),
]);

const bounds = z.object({ min: z.number().optional(), max: z.number().optional() }).strict();
const featureName = z.enum(FEATURES.map(({ name }) => name) as [FeatureName, ...FeatureName[]]);

/** What speaks for itself, whatever the model says. It only ever makes a decision stricter. */
const ruleSchema = z.object({
  code: z.string().max(60),
  /** For the people who decide about a review. */
  text: z.string().max(300),
  types: z.array(z.enum(['deposit', 'withdrawal', 'transfer'])),
  /** Features in the units of their table, bounds included. All of them must hold. */
  when: z.partialRecord(featureName, bounds),
  decision: z.enum(['review', 'block']),
});
export type Rule = z.infer<typeof ruleSchema>;

/** What decides when nothing can be scored. */
const degradedSchema = z.object({
  /** Reference cents (USD). */
  approveUpToCents: z.number().int().nonnegative(),
  holdWithdrawals: z.boolean(),
  holdNewPayees: z.boolean(),
});
export type DegradedPolicy = z.infer<typeof degradedSchema>;

/** What becomes of a calibrated probability. Legitimate payments blocked and alerts are shares. */
export const policySchema = z.object({
  version: z.literal(2),
  review: z.number(),
  block: z.number(),
  costs: z.object({
    review: z.number(),
    delayedCustomer: z.number(),
    blockedCustomer: z.number(),
    missedInReview: z.number(),
  }),
  limits: z.object({ legitimateBlocked: z.number(), alerts: z.number() }),
  rules: z.array(ruleSchema),
  degraded: degradedSchema,
});
export type Policy = z.infer<typeof policySchema>;

/** Everything about a model that is not its weights. */
export const manifestSchema = z.object({
  format: z.literal(1),
  /** Name and first digits of the hash of what decides a score: another score, another version. */
  modelVersion: z.string(),
  featureHash: sha256,
  /** SHA-256 of every other file of the artefact. */
  files: z.record(z.string(), sha256),
  encoder: z.object({ columns: z.array(column) }),
  calibration: z.object({ slope: z.number(), offset: z.number() }),
  /** The feature values of the median legitimate transaction, in the units of the table. */
  medianLegitimate: z.array(z.number()),
  /** Nine edges between ten equal parts of the training data, for PSI. */
  deciles: z.object({
    probability: z.array(z.number()),
    features: z.record(z.string(), z.array(z.number())),
  }),
  training: z.object({
    dataHash: sha256,
    rows: z.number().int(),
    frauds: z.number().int(),
    seeds: z.array(z.number().int()),
    wallets: z.number().int(),
    simulationSeed: z.number().int(),
  }),
  /** On the validation period, with the labels that were known. */
  metrics: z.record(z.string(), z.number()),
});
export type Manifest = z.infer<typeof manifestSchema>;
