import { z } from 'zod';
import { ADJUSTMENT_DIRECTIONS } from './adjustments.ts';
import { FEE_PAYERS } from './fees.ts';
import { rateText } from './quotes.ts';
import { bankAccount, currency, id, metadata, minorText, timestamp } from './schema-fields.ts';

export const TRANSACTION_TYPES = [
  'deposit',
  'withdrawal',
  'transfer',
  'hold',
  'capture',
  'release',
  'reversal',
  'adjustment',
  'conversion',
  'reward',
] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

export const TRANSACTION_STATUSES = ['pending', 'held', 'completed', 'failed', 'reversed'] as const;
export type TransactionStatus = (typeof TRANSACTION_STATUSES)[number];

/** The ledger's and the banks' expected "no", by cause. A transaction that failed carries one. */
export const REFUSAL_CODES = [
  'not-found',
  'insufficient-funds',
  'wallet-frozen',
  'wallet-closed',
  'currency-mismatch',
  'same-wallet',
  'limit-exceeded',
  'amount-below-fee',
  'risk-blocked',
  'bank-declined',
  'bank-unavailable',
  'hold-expired',
  'hold-already-settled',
  'quote-expired',
  'quote-used',
  'owner-mismatch',
  'between-shards',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export const balances = z.object({
  posted: minorText.meta({ description: 'Sum of all entries' }),
  held: minorText.meta({ description: 'Reserved by holds' }),
  available: minorText.meta({ description: 'posted − held' }),
});
export type Balances = z.infer<typeof balances>;

export const RISK_DECISIONS = ['approve', 'review', 'block'] as const;
export type RiskDecision = (typeof RISK_DECISIONS)[number];

/** Why a transaction was not simply approved: a group of features, or a rule. */
export const riskReason = z.object({
  code: z.string().max(60),
  text: z.string().max(300),
  share: z.number().min(0).max(1).meta({ description: 'Part of all that speaks for fraud' }),
  value: z.number().optional().meta({ description: 'What was observed' }),
  usual: z.number().optional().meta({ description: 'What is normal for this wallet' }),
  unit: z.string().max(20).optional(),
});
export type RiskReason = z.infer<typeof riskReason>;

/**
 * What was thought of a transaction before money moved. Only in mode `enforce` it decides; in
 * `shadow` it is written down and nothing more. `degraded`: no model was asked, a policy on the
 * amount decided, and there is no score.
 */
export const risk = z.object({
  score: z.number().min(0).max(1).nullable().meta({ description: 'Probability of fraud' }),
  decision: z.enum(RISK_DECISIONS),
  reasons: z.array(riskReason).max(20),
  modelVersion: z.string().max(60),
  featureVersion: z.string().max(80).optional(),
  mode: z.enum(['enforce', 'shadow']),
  degraded: z.boolean(),
});
export type Risk = z.infer<typeof risk>;

export const REVIEW_STATUSES = ['open', 'approved', 'declined', 'expired'] as const;
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];

/** A transaction that waits, or waited, for a person: its money is held meanwhile. */
export const review = z.object({
  status: z.enum(REVIEW_STATUSES),
  openedAt: timestamp,
  expiresAt: timestamp,
  decidedAt: timestamp.optional(),
  decidedBy: z.string().max(100).optional(),
  note: z.string().max(500).optional(),
});
export type Review = z.infer<typeof review>;

/** How a hold stands: what neither was captured nor released is still reserved. */
export const hold = z.object({
  capturedAmount: minorText,
  releasedAmount: minorText,
  expiresAt: timestamp,
});
export type Hold = z.infer<typeof hold>;

/** What a conversion gives for what is paid, at the rate of its quote. */
export const conversion = z.object({
  quoteId: id,
  toCurrency: currency,
  toAmount: minorText,
  rate: rateText,
});
export type Conversion = z.infer<typeof conversion>;

/** What a payment costs: on top of the amount for who sends, out of it for who receives. */
export const fee = z
  .object({
    amount: minorText,
    paidBy: z.enum(FEE_PAYERS),
    scheduleVersion: z.number().int().positive(),
  })
  .meta({ description: 'Fixed when it was asked for; paid when it is completed' });
export type Fee = z.infer<typeof fee>;

/** A transaction as services tell each other, and, but for bankAccount, as REST shows it. */
export const transaction = z.object({
  id,
  type: z.enum(TRANSACTION_TYPES),
  status: z.enum(TRANSACTION_STATUSES),
  walletId: id,
  counterpartyWalletId: id.optional(),
  amount: minorText,
  currency,
  failure: z.object({ code: z.enum(REFUSAL_CODES), detail: z.string().optional() }).optional(),
  balances: balances.optional(),
  bankAccount: bankAccount.optional(),
  description: z.string().optional(),
  metadata: metadata.optional(),
  relatedTransactionId: id.optional().meta({
    description: 'What a reversal reverses, or the hold of a capture or release',
  }),
  remaining: minorText.optional().meta({
    description: 'What could still be reversed or captured of the related transaction after this',
  }),
  reversedAmount: minorText.optional().meta({ description: 'How much of it was given back' }),
  relatedTransactionIds: z
    .array(id)
    .max(1000)
    .optional()
    .meta({ description: 'Its reversals, captures and releases, where it is asked for alone' }),
  hold: hold.optional(),
  conversion: conversion.optional(),
  direction: z
    .enum(ADJUSTMENT_DIRECTIONS)
    .optional()
    .meta({ description: 'Of an adjustment: whether the wallet got the amount or gave it' }),
  fee: fee.optional(),
  splitId: id.optional().meta({ description: 'Shared by the parts of a payment to several' }),
  risk: risk.optional(),
  review: review.optional(),
  createdAt: timestamp,
  completedAt: timestamp.optional(),
});
export type Transaction = z.infer<typeof transaction>;

export const entry = z.object({
  walletId: id,
  sequence: z.number().int().positive().meta({ description: '1, 2, 3 … without gaps per wallet' }),
  transactionId: id,
  direction: z.enum(['debit', 'credit']),
  amount: minorText,
  currency: currency.optional().meta({
    description: 'Where it is not that of the transaction: the other side of a conversion',
  }),
  balanceAfter: minorText,
  createdAt: timestamp,
});
export type Entry = z.infer<typeof entry>;

/** An entry with what people know its transaction by. */
export const statementEntry = entry.extend({
  type: z.enum(TRANSACTION_TYPES),
  description: z.string().optional(),
});
export type StatementEntry = z.infer<typeof statementEntry>;

export const WALLET_STATUSES = ['active', 'frozen', 'closed'] as const;
export type WalletStatus = (typeof WALLET_STATUSES)[number];

/** What a wallet is for, where there is to be one of its kind. */
export const walletPurpose = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'must be a word such as savings' })
  .meta({
    description: 'One wallet per owner, currency and purpose; as many as one likes without any',
    examples: ['savings'],
  });

export const wallet = z.object({
  id,
  ownerId: id,
  name: z.string(),
  purpose: walletPurpose.optional(),
  currency,
  status: z.enum(WALLET_STATUSES),
  balances,
  overdraftLimit: minorText.optional().meta({
    description: 'How far below zero what is available may fall; absent: it may not',
  }),
  version: z.number().int().nonnegative().meta({ description: 'Grows with every change' }),
  createdAt: timestamp,
});
export type Wallet = z.infer<typeof wallet>;
