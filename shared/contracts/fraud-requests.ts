import { z } from 'zod';
import { fraudLabel } from './labels.ts';
import { id, timestamp } from './schema-fields.ts';
import { risk, RISK_DECISIONS } from './transaction.ts';

/** A decision as it was made: with all it was made of, so that it can be made again. */
export const riskDecisionRecord = z.object({
  transactionId: id,
  walletId: id,
  decidedAt: timestamp,
  risk,
  /** The logit that the score is calibrated from. */
  logit: z.number(),
  /** Values by feature name, in the units of the feature table. */
  features: z.record(z.string(), z.number()),
  featureVersion: z.string(),
  reconstructed: z.boolean().optional().meta({
    description:
      'Somebody else had decided: logit and features were made later, for the record only',
  }),
  /** Sequence in the stream of the message that was scored. */
  position: z.number().int(),
  /** What the models thought that only look on. */
  challengers: z.array(
    z.object({ modelVersion: z.string(), score: z.number(), decision: z.enum(RISK_DECISIONS) }),
  ),
  label: fraudLabel.pick({ label: true, source: true, reportedBy: true }).optional(),
});
export type RiskDecisionRecord = z.infer<typeof riskDecisionRecord>;

const scoringModel = z.object({
  modelVersion: z.string(),
  featureVersion: z.string(),
  role: z.enum(['champion', 'challenger']),
  /** What it reached on data it had not seen. */
  metrics: z.record(z.string(), z.number()),
  reviewFrom: z.number(),
  blockFrom: z.number(),
});

const limit = z.number().int().min(1).max(100);

/** What may be asked of the fraud service over request/reply. */
export const FRAUD_REQUESTS = {
  getDecision: {
    subject: 'rpc.fraud.get-decision',
    request: z.object({ transactionId: id }),
    response: z.object({ decision: riskDecisionRecord.nullable() }),
  },
  /** Newest first. */
  listDecisions: {
    subject: 'rpc.fraud.list-decisions',
    request: z.object({
      decision: z.enum(RISK_DECISIONS).optional(),
      walletId: id.optional(),
      cursor: z.string().max(200).optional(),
      limit,
    }),
    response: z.object({
      items: z.array(riskDecisionRecord.omit({ features: true })),
      nextCursor: z.string().nullable(),
    }),
  },
  /** A fraud, or a payment that was fine after all. Told again, it changes nothing. */
  reportTransaction: {
    subject: 'rpc.fraud.report-transaction',
    request: fraudLabel,
    response: z.object({ recorded: z.boolean() }),
  },
  describeModels: {
    subject: 'rpc.fraud.describe-models',
    request: z.object({}),
    response: z.object({ backend: z.string(), models: z.array(scoringModel) }),
  },
  /** Folds the events once more and compares the profiles bit for bit: takes as long as a start. */
  rebuildProfiles: {
    subject: 'rpc.fraud.rebuild-profiles',
    request: z.object({}),
    response: z.union([
      z.object({
        from: z.enum(['nothing', 'snapshot']),
        messages: z.number().int(),
        profiles: z.number().int(),
        live: z.string(),
        rebuilt: z.string(),
      }),
      /** Why there is nothing to compare with. */
      z.object({ problem: z.string() }),
    ]),
  },
} as const;
