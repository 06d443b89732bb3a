import { z } from 'zod';
import {
  bankName,
  currency,
  id,
  minorText,
  movedMinorText,
  plainText,
  timestamp,
} from './schema-fields.ts';

export const ADJUSTMENT_STATUSES = ['open', 'approved', 'rejected', 'expired'] as const;
export type AdjustmentStatus = (typeof ADJUSTMENT_STATUSES)[number];

export const ADJUSTMENT_DIRECTIONS = ['credit', 'debit'] as const;
export type AdjustmentDirection = (typeof ADJUSTMENT_DIRECTIONS)[number];

export const ADJUSTMENT_SECONDS_MAX = 7 * 86_400;

/** A correction of a wallet that one of the staff proposes, and another one decides about. */
export const adjustment = z.object({
  id: id.meta({ description: 'Once it is approved, also that of its transaction' }),
  status: z.enum(ADJUSTMENT_STATUSES),
  walletId: id,
  direction: z.enum(ADJUSTMENT_DIRECTIONS).meta({ description: 'credit: the wallet gets it' }),
  amount: minorText,
  currency,
  reason: z.string(),
  proposedBy: id,
  proposedAt: timestamp,
  expiresAt: timestamp,
  decidedBy: id.optional(),
  decidedAt: timestamp.optional(),
  note: z.string().optional(),
});
export type Adjustment = z.infer<typeof adjustment>;

/**
 * The clearing account of a bank, in the place of somebody’s wallet: that of the lane which the
 * message comes through. The wallet that the message names is only the way there.
 */
const systemAccount = z.strictObject({
  kind: z.literal('bank-clearing'),
  bank: bankName,
  currency,
});

export const adjustmentProposal = z.object({
  adjustmentId: id,
  bodyHash: z.string().length(22),
  walletId: id,
  direction: z.enum(ADJUSTMENT_DIRECTIONS),
  amount: movedMinorText,
  reason: plainText(500).min(1),
  proposedBy: id,
  account: systemAccount.optional(),
  expiresInSeconds: z.number().int().min(1).max(ADJUSTMENT_SECONDS_MAX),
});
export type AdjustmentProposal = z.infer<typeof adjustmentProposal>;

export const adjustmentVerdict = z.object({
  adjustmentId: id,
  walletId: id,
  verdict: z.enum(['approve', 'reject']),
  decidedBy: id,
  account: systemAccount.optional(),
  note: plainText(500).optional(),
});
export type AdjustmentVerdict = z.infer<typeof adjustmentVerdict>;

/** Why a proposal or a verdict was not taken. A proposal that can't be carried out stays open. */
export const ADJUSTMENT_REFUSALS = [
  'not-found',
  'idempotency-key-reused',
  'four-eyes',
  'adjustment-decided',
  'adjustment-expired',
  'wallet-closed',
  'insufficient-funds',
  'limit-exceeded',
] as const;

/** What may be asked of the ledger about adjustments. */
export const ADJUSTMENT_REQUESTS = {
  getAdjustment: {
    subject: 'rpc.ledger.get-adjustment',
    request: z.object({ id }),
    response: z.object({ adjustment: adjustment.nullable() }),
  },
  /** The newest first. */
  listAdjustments: {
    subject: 'rpc.ledger.list-adjustments',
    request: z.object({
      status: z.enum(ADJUSTMENT_STATUSES).optional(),
      walletId: id.optional(),
      cursor: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(100),
    }),
    response: z.object({ items: z.array(adjustment), nextCursor: z.string().nullable() }),
  },
} as const;
