import {
  adjustmentView,
  auditRecordView,
  balanceMonitor,
  bankStatementView,
  breakView,
  bulkFile,
  deadLetterView,
  decidedAdjustmentView,
  decidedBreakView,
  decisionView,
  dryRunView,
  entryView,
  feeRule,
  feeSchedule,
  feeScheduleVersion,
  importedStatement,
  kycDocument,
  letterView,
  linkedAccount,
  paymentRequestView,
  preferencesView,
  problem,
  reviewView,
  reward,
  rewardRule,
  risk,
  riskView,
  scheduledOccurrence,
  scheduledTransfer,
  splitView,
  staffUserView,
  tokenPairView,
  transactionPreview,
  transactionView,
  userView,
  walletView,
  webhook,
  webhookDelivery,
  webhookWithSecret,
} from '@florin/contracts';
import { z } from 'zod';

/** Schemas that the description names once and refers to everywhere. */
const NAMED = new Map<z.core.$ZodType, string>([
  [transactionView, 'Transaction'],
  [dryRunView, 'DryRun'],
  [transactionPreview, 'TransactionPreview'],
  [risk, 'Risk'],
  [riskView, 'TransactionRisk'],
  [reviewView, 'Review'],
  [walletView, 'Wallet'],
  [entryView, 'Entry'],
  [splitView, 'Split'],
  [adjustmentView, 'Adjustment'],
  [decidedAdjustmentView, 'DecidedAdjustment'],
  [feeRule, 'FeeRule'],
  [feeSchedule, 'FeeSchedule'],
  [feeScheduleVersion, 'FeeScheduleVersion'],
  [scheduledTransfer, 'ScheduledTransfer'],
  [scheduledOccurrence, 'ScheduledOccurrence'],
  [paymentRequestView, 'PaymentRequest'],
  [bulkFile, 'BulkFile'],
  [rewardRule, 'RewardRule'],
  [reward, 'Reward'],
  [balanceMonitor, 'BalanceMonitor'],
  [webhook, 'Webhook'],
  [webhookWithSecret, 'WebhookWithSecret'],
  [webhookDelivery, 'WebhookDelivery'],
  [preferencesView, 'Preferences'],
  [letterView, 'Letter'],
  [userView, 'User'],
  [staffUserView, 'StaffUser'],
  [linkedAccount, 'LinkedAccount'],
  [bankStatementView, 'BankStatement'],
  [importedStatement, 'ImportedStatement'],
  [breakView, 'StatementBreak'],
  [decidedBreakView, 'DecidedBreak'],
  [deadLetterView, 'DeadLetter'],
  [tokenPairView, 'TokenPair'],
  [kycDocument, 'KycDocument'],
  [decisionView, 'RiskDecision'],
  [auditRecordView, 'AuditRecord'],
  [problem, 'Problem'],
]);

export type JsonSchema = Record<string, unknown>;

const refTo = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

function describe(schema: z.core.$ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    override({ zodSchema, jsonSchema, path }) {
      // What is sent to us may leave out what has a default: it is described where it is taken.
      const name = io === 'output' ? NAMED.get(zodSchema) : undefined;
      if (name === undefined || path.length === 0) return;
      for (const member of Object.keys(jsonSchema)) delete jsonSchema[member];
      Object.assign(jsonSchema, refTo(name));
    },
  });
  return json;
}

/** A schema as OpenAPI 3.1 wants it, from the side that sends it. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const name = NAMED.get(schema);
  return name === undefined ? describe(schema, io) : refTo(name);
}

export const namedSchemas = (): Record<string, JsonSchema> =>
  Object.fromEntries([...NAMED].map(([schema, name]) => [name, describe(schema, 'output')]));
