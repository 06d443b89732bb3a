import { z } from 'zod';
import { envelopeOf } from './envelope.ts';
import { bankAccount, currency, id, metadata, minorText, plainText } from './schema-fields.ts';
import { REFUSAL_CODES, transaction, wallet } from './transaction.ts';

/**
 * What is asked of the owner of a wallet's partition. All of it passes through the lane, in order.
 */

const orderBase = {
  transactionId: id,
  /** Scope of the idempotency key: user or machine client. */
  clientId: z.string().min(1).max(100),
  /** SHA-256 of the request that the key stands for, first 16 bytes in base64url. */
  bodyHash: z.string().length(22),
  walletId: id,
  amount: minorText,
  currency,
  description: plainText(500).optional(),
  metadata: metadata.optional(),
};

export const transferOrder = z.object({
  ...orderBase,
  type: z.literal('transfer'),
  counterpartyWalletId: id,
});
export const depositOrder = z.object({ ...orderBase, type: z.literal('deposit'), bankAccount });
export const withdrawalOrder = z.object({
  ...orderBase,
  type: z.literal('withdrawal'),
  bankAccount,
});
export const transactionOrder = z.discriminatedUnion('type', [
  transferOrder,
  depositOrder,
  withdrawalOrder,
]);
export type TransactionOrder = z.infer<typeof transactionOrder>;

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
  currency,
});
export type WalletOpening = z.infer<typeof walletOpening>;

export const walletStatusChange = z.object({
  requestId: id,
  walletId: id,
  to: z.enum(['active', 'frozen', 'closed']),
});
export type WalletStatusChange = z.infer<typeof walletStatusChange>;

export const LANE_TYPES = {
  transactionInitiated: 'florin.transaction-initiated.v1',
  settleTransaction: 'florin.settle-transaction.v1',
  openWallet: 'florin.open-wallet.v1',
  changeWalletStatus: 'florin.change-wallet-status.v1',
} as const;

export const laneMessage = z.discriminatedUnion('type', [
  envelopeOf(LANE_TYPES.transactionInitiated, transactionOrder),
  envelopeOf(LANE_TYPES.settleTransaction, settlement),
  envelopeOf(LANE_TYPES.openWallet, walletOpening),
  envelopeOf(LANE_TYPES.changeWalletStatus, walletStatusChange),
]);
export type LaneMessage = z.infer<typeof laneMessage>;

/** Which services may sign which message: a stolen gateway key can't settle a withdrawal. */
export const LANE_PRODUCERS = {
  [LANE_TYPES.transactionInitiated]: ['gateway'],
  [LANE_TYPES.settleTransaction]: ['banking'],
  [LANE_TYPES.openWallet]: ['gateway'],
  [LANE_TYPES.changeWalletStatus]: ['gateway'],
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
  z.object({ kind: z.literal('wallet'), requestId: z.string(), wallet, replayed: z.boolean() }),
  z.object({
    kind: z.literal('wallet-refused'),
    requestId: z.string(),
    code: z.enum(['not-found', 'wallet-not-empty', 'wallet-closed', 'idempotency-key-reused']),
  }),
]);
export type Outcome = z.infer<typeof outcome>;
