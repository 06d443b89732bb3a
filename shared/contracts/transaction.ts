import { z } from 'zod';
import { bankAccount, currency, id, metadata, minorText, timestamp } from './schema-fields.ts';

export const TRANSACTION_TYPES = ['deposit', 'withdrawal', 'transfer'] as const;
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
  'risk-blocked',
  'bank-declined',
  'bank-unavailable',
  'hold-expired',
  'hold-already-settled',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export const balances = z.object({
  posted: minorText.meta({ description: 'Sum of all entries' }),
  held: minorText.meta({ description: 'Reserved by holds' }),
  available: minorText.meta({ description: 'posted − held' }),
});
export type Balances = z.infer<typeof balances>;

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
  relatedTransactionId: id.optional(),
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
  balanceAfter: minorText,
  createdAt: timestamp,
});
export type Entry = z.infer<typeof entry>;

export const WALLET_STATUSES = ['active', 'frozen', 'closed'] as const;
export type WalletStatus = (typeof WALLET_STATUSES)[number];

export const wallet = z.object({
  id,
  ownerId: id,
  name: z.string(),
  currency,
  status: z.enum(WALLET_STATUSES),
  balances,
  version: z.number().int().nonnegative().meta({ description: 'Grows with every change' }),
  createdAt: timestamp,
});
export type Wallet = z.infer<typeof wallet>;
