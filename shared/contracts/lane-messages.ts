import { z } from 'zod';
import {
  adjustment,
  ADJUSTMENT_REFUSALS,
  adjustmentProposal,
  adjustmentVerdict,
} from './adjustments.ts';
import { envelopeOf } from './envelope.ts';
import { walletLimits } from './kyc.ts';
import { signedQuote } from './quotes.ts';
import { rewardOrder } from './reward-orders.ts';
import { bankAccount, currency, id, metadata, movedMinorText, plainText } from './schema-fields.ts';
import { transferCredit, transferSettlement } from './shards.ts';
import { REFUSAL_CODES, risk, transaction, wallet, walletPurpose } from './transaction.ts';

/**
 * What is asked of the owner of a wallet's partition. All of it passes through the lane, in order.
 */

/**
 * Where a request came from, as far as it is known. Device and address are keyed hashes: enough to
 * recognise them, nothing that names a person.
 */
export const requestContext = z.object({
  deviceId: z.string().max(64).optional(),
  address: z.string().max(64).optional(),
  /** ISO 3166 code, and roughly where, in degrees. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  latitude: z.number().min(-90).max(90).optional(),
  longitude: z.number().min(-180).max(180).optional(),
});
export type RequestContext = z.infer<typeof requestContext>;

const orderBase = {
  transactionId: id,
  /** Scope of the idempotency key: user or machine client. */
  clientId: z.string().min(1).max(100),
  /** SHA-256 of the request that the key stands for, first 16 bytes in base64url. */
  bodyHash: z.string().length(22),
  walletId: id,
  amount: movedMinorText,
  currency,
  description: plainText(500).optional(),
  metadata: metadata.optional(),
  context: requestContext.optional(),
  /** What the scorer, or the policy in its place, thinks of it. Absent when nobody was asked. */
  risk: risk.optional(),
};

export const transferOrder = z.object({
  ...orderBase,
  type: z.literal('transfer'),
  counterpartyWalletId: id,
  /** Of a part of a payment to several at once: what all of its parts share. */
  splitId: id.optional(),
});
export const depositOrder = z.object({ ...orderBase, type: z.literal('deposit'), bankAccount });
export const withdrawalOrder = z.object({
  ...orderBase,
  type: z.literal('withdrawal'),
  bankAccount,
});
export const HOLD_SECONDS_MAX = 31 * 86_400;
/** Money reserved for somebody, who captures it later, in parts if need be. */
export const holdOrder = z.object({
  ...orderBase,
  type: z.literal('hold'),
  counterpartyWalletId: id,
  expiresInSeconds: z.number().int().min(1).max(HOLD_SECONDS_MAX),
});
/**
 * From one wallet of an owner to another in a second currency. Amount and currency are those that
 * are paid, and the same as in the quote; what comes for it is in the quote alone.
 */
export const conversionOrder = z.object({
  ...orderBase,
  type: z.literal('conversion'),
  counterpartyWalletId: id,
  quote: signedQuote,
});
export const transactionOrder = z.discriminatedUnion('type', [
  transferOrder,
  depositOrder,
  withdrawalOrder,
  holdOrder,
  conversionOrder,
]);
export type TransactionOrder = z.infer<typeof transactionOrder>;

export const BULK_ITEMS_MAX = 1000;
/**
 * Transfers that are carried out together or not at all, in the lane of the first one's payer. What
 * they share is said once.
 */
export const atomicBulk = z.object({
  bulkId: id,
  clientId: orderBase.clientId,
  bodyHash: orderBase.bodyHash,
  walletId: id,
  /** One payment to several: its transfers are known by the id of the bulk. */
  isSplit: z.literal(true).optional(),
  context: requestContext.optional(),
  orders: z
    .array(transferOrder.omit({ type: true, clientId: true, bodyHash: true, context: true }))
    .min(1)
    .max(BULK_ITEMS_MAX),
});
export type AtomicBulk = z.infer<typeof atomicBulk>;

/** The orders of a bulk as if each stood for itself. */
export const ordersOfBulk = ({
  bulkId,
  clientId,
  bodyHash,
  isSplit,
  context,
  orders,
}: AtomicBulk): z.infer<typeof transferOrder>[] =>
  orders.map((order) => ({
    ...order,
    type: 'transfer',
    clientId,
    bodyHash,
    ...(isSplit && { splitId: bulkId }),
    ...(context !== undefined && { context }),
  }));

/**
 * What follows from a transaction that was scored when it began: nobody scores it again. It goes to
 * the lane of the wallet that pays.
 */
const followUpBase = {
  transactionId: id,
  clientId: z.string().min(1).max(100),
  bodyHash: z.string().length(22),
  walletId: id,
  relatedTransactionId: id,
  amount: movedMinorText,
  /** As much as is left when it is decided; `amount` is what was left when it was asked for. */
  all: z.boolean(),
  currency,
  description: plainText(500).optional(),
  metadata: metadata.optional(),
};
export const reversalOrder = z.object({ ...followUpBase, type: z.literal('reversal') });
export const captureOrder = z.object({
  ...followUpBase,
  type: z.literal('capture'),
  /** What is left after it is released. */
  final: z.boolean(),
});
export const releaseOrder = z.object({ ...followUpBase, type: z.literal('release') });
export const followUpOrder = z.discriminatedUnion('type', [
  reversalOrder,
  captureOrder,
  releaseOrder,
]);
export type FollowUpOrder = z.infer<typeof followUpOrder>;

/** Whatever a client's key stands for. */
export const anyOrder = z.discriminatedUnion('type', [
  ...transactionOrder.options,
  ...followUpOrder.options,
]);
export type AnyOrder = z.infer<typeof anyOrder>;

/** The time of a hold may be over: the ledger's clock decides whether it is. */
export const holdExpiry = z.object({ transactionId: id, walletId: id });
export type HoldExpiry = z.infer<typeof holdExpiry>;

/** The bank's final word on a deposit or a withdrawal. */
export const settlement = z.object({
  transactionId: id,
  walletId: id,
  outcome: z.enum(['completed', 'failed']),
  failureCode: z.enum(REFUSAL_CODES).optional(),
  bankReference: z.string().max(100).optional(),
});
export type Settlement = z.infer<typeof settlement>;

export const walletOpening = z.object({
  walletId: id,
  ownerId: id,
  name: plainText(100),
  purpose: walletPurpose.optional(),
  currency,
  /** Without them as much may leave it as is in it. */
  limits: walletLimits.optional(),
});
export type WalletOpening = z.infer<typeof walletOpening>;

export const walletStatusChange = z.object({
  requestId: id,
  walletId: id,
  to: z.enum(['active', 'frozen', 'closed']),
});
export type WalletStatusChange = z.infer<typeof walletStatusChange>;

/** How much may leave a wallet from now on; null: as much as is in it. */
export const walletLimitsChange = z.object({ walletId: id, limits: walletLimits.nullable() });
export type WalletLimitsChange = z.infer<typeof walletLimitsChange>;

/** How far below zero the staff lets a wallet go: what is available may be as much less than 0. */
export const walletOverdraftChange = z.object({
  requestId: id,
  walletId: id,
  limit: z.string().regex(/^(0|[1-9][0-9]{0,14})$/),
});
export type WalletOverdraftChange = z.infer<typeof walletOverdraftChange>;

/** A person's word on a transaction under review, or the end of the time they had for it. */
export const reviewVerdict = z.object({
  transactionId: id,
  walletId: id,
  verdict: z.enum(['approve', 'decline', 'expire']),
  decidedBy: plainText(100).optional(),
  note: plainText(500).optional(),
});
export type ReviewVerdict = z.infer<typeof reviewVerdict>;

export const LANE_TYPES = {
  transactionInitiated: 'florin.transaction-initiated.v1',
  bulkInitiated: 'florin.bulk-initiated.v1',
  followUpInitiated: 'florin.follow-up-initiated.v1',
  rewardInitiated: 'florin.reward-initiated.v1',
  /** Takes back what was paid for a payment that has gone back itself. */
  rewardReversalInitiated: 'florin.reward-reversal-initiated.v1',
  expireHold: 'florin.expire-hold.v1',
  settleTransaction: 'florin.settle-transaction.v1',
  /** Between ledger shards: asks for the credit of a transfer, and answers it. */
  creditTransfer: 'florin.credit-transfer.v1',
  settleTransfer: 'florin.settle-transfer.v1',
  decideReview: 'florin.decide-review.v1',
  openWallet: 'florin.open-wallet.v1',
  changeWalletStatus: 'florin.change-wallet-status.v1',
  changeWalletLimits: 'florin.change-wallet-limits.v1',
  changeWalletOverdraft: 'florin.change-wallet-overdraft.v1',
  proposeAdjustment: 'florin.propose-adjustment.v1',
  decideAdjustment: 'florin.decide-adjustment.v1',
} as const;

export const laneMessage = z.discriminatedUnion('type', [
  envelopeOf(LANE_TYPES.transactionInitiated, transactionOrder),
  envelopeOf(LANE_TYPES.bulkInitiated, atomicBulk),
  envelopeOf(LANE_TYPES.followUpInitiated, followUpOrder),
  envelopeOf(LANE_TYPES.rewardInitiated, rewardOrder),
  envelopeOf(LANE_TYPES.rewardReversalInitiated, reversalOrder),
  envelopeOf(LANE_TYPES.expireHold, holdExpiry),
  envelopeOf(LANE_TYPES.settleTransaction, settlement),
  envelopeOf(LANE_TYPES.creditTransfer, transferCredit),
  envelopeOf(LANE_TYPES.settleTransfer, transferSettlement),
  envelopeOf(LANE_TYPES.decideReview, reviewVerdict),
  envelopeOf(LANE_TYPES.openWallet, walletOpening),
  envelopeOf(LANE_TYPES.changeWalletStatus, walletStatusChange),
  envelopeOf(LANE_TYPES.changeWalletLimits, walletLimitsChange),
  envelopeOf(LANE_TYPES.changeWalletOverdraft, walletOverdraftChange),
  envelopeOf(LANE_TYPES.proposeAdjustment, adjustmentProposal),
  envelopeOf(LANE_TYPES.decideAdjustment, adjustmentVerdict),
]);
export type LaneMessage = z.infer<typeof laneMessage>;

/** Which services may sign which message: a stolen gateway key can't settle a withdrawal. */
export const LANE_PRODUCERS = {
  // From gateway and payments unscored, from fraud with its score, from the ledger's watchdog by
  // policy.
  [LANE_TYPES.transactionInitiated]: ['gateway', 'payments', 'fraud', 'ledger'],
  [LANE_TYPES.bulkInitiated]: ['gateway', 'fraud', 'ledger'],
  [LANE_TYPES.followUpInitiated]: ['gateway'],
  [LANE_TYPES.rewardInitiated]: ['rewards'],
  [LANE_TYPES.rewardReversalInitiated]: ['rewards'],
  [LANE_TYPES.expireHold]: ['ledger'],
  [LANE_TYPES.settleTransaction]: ['banking'],
  [LANE_TYPES.creditTransfer]: ['ledger'],
  [LANE_TYPES.settleTransfer]: ['ledger'],
  // Operators decide at the gateway; the ledger itself says when a review has expired.
  [LANE_TYPES.decideReview]: ['gateway', 'ledger'],
  [LANE_TYPES.openWallet]: ['gateway'],
  [LANE_TYPES.changeWalletStatus]: ['gateway'],
  [LANE_TYPES.changeWalletLimits]: ['gateway'],
  [LANE_TYPES.changeWalletOverdraft]: ['gateway'],
  [LANE_TYPES.proposeAdjustment]: ['gateway'],
  [LANE_TYPES.decideAdjustment]: ['gateway'],
} satisfies Record<LaneMessage['type'], readonly string[]>;

/**
 * What the owner answers to the origin of a lane message, after commit. `requestId` is the
 * message's id. `replayed` marks an outcome that had been decided before.
 */
export const outcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('transaction'),
    requestId: z.string(),
    transaction,
    replayed: z.boolean(),
  }),
  z.object({ kind: z.literal('key-reused'), requestId: z.string() }),
  /** Nothing of a bulk was done, because of this one of its items (from 0). */
  z.object({
    kind: z.literal('bulk-refused'),
    requestId: z.string(),
    item: z.number().int().nonnegative(),
    transaction,
    replayed: z.boolean(),
  }),
  z.object({
    kind: z.literal('adjustment'),
    requestId: z.string(),
    adjustment,
    /** What an approval has made. */
    transaction: transaction.optional(),
    replayed: z.boolean(),
  }),
  z.object({
    kind: z.literal('adjustment-refused'),
    requestId: z.string(),
    code: z.enum(ADJUSTMENT_REFUSALS),
  }),
  z.object({ kind: z.literal('wallet'), requestId: z.string(), wallet, replayed: z.boolean() }),
  z.object({
    kind: z.literal('wallet-refused'),
    requestId: z.string(),
    code: z.enum([
      'not-found',
      'wallet-not-empty',
      'wallet-closed',
      'overdraft-in-use',
      'idempotency-key-reused',
    ]),
  }),
  /**
   * There is no such review, or somebody else has decided it otherwise, or it has expired; or an
   * approval is not possible now, and the review stays open.
   */
  z.object({
    kind: z.literal('review-refused'),
    requestId: z.string(),
    code: z.enum([
      'not-found',
      'hold-already-settled',
      'hold-expired',
      'wallet-frozen',
      'wallet-closed',
      'limit-exceeded',
    ]),
  }),
]);
export type Outcome = z.infer<typeof outcome>;
