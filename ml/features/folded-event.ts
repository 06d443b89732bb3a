import type { Currency } from '@florin/kernel';

/** Where a request came from. All of it is optional: machine clients have no device. */
export interface RequestContext {
  deviceId?: string | undefined;
  /** The network address, as text. */
  address?: string | undefined;
  /** ISO 3166 code of the address, and where it roughly is, in degrees. */
  country?: string | undefined;
  latitude?: number | undefined;
  longitude?: number | undefined;
}

/** A transaction as it is asked for: all that a score may depend on besides the profiles. */
export interface ScoredTransaction {
  /** When it was asked for, ms since 1970. The only clock that features know. */
  at: number;
  type: 'deposit' | 'withdrawal' | 'transfer';
  /** Who asks: the payer, or the receiver of a deposit. */
  walletId: string;
  /** The wallet that receives a transfer. */
  counterpartyWalletId?: string | undefined;
  /** The account outside that a deposit comes from or a withdrawal goes to. */
  bankAccount?: string | undefined;
  /** Minor units of `currency`. */
  amount: number;
  currency: Currency;
  context?: RequestContext | undefined;
}

/**
 * What changes profiles. Balances are minor units of the transaction's currency. Three streams tell
 * it, each in an order of its own: orders (`initiated`), the ledger (from `completed` to `account`)
 * and what people say and do (the rest).
 */
export type FoldedEvent =
  | { kind: 'initiated'; transaction: ScoredTransaction }
  | {
      kind: 'completed';
      at: number;
      type: ScoredTransaction['type'];
      walletId: string;
      counterpartyWalletId?: string | undefined;
      bankAccount?: string | undefined;
      amount: number;
      currency: Currency;
      balance?: number | undefined;
      counterpartyBalance?: number | undefined;
    }
  | { kind: 'held'; at: number; walletId: string; currency: Currency; balance?: number | undefined }
  | { kind: 'failed'; at: number; walletId: string }
  | {
      kind: 'account';
      at: number;
      walletId: string;
      ownerId: string;
      openedAt: number;
    }
  | { kind: 'identified'; at: number; ownerId: string; kycLevel: number }
  | { kind: 'credentials-changed'; at: number; ownerId: string }
  /** The owner is to be forgotten. */
  | { kind: 'erased'; at: number; ownerId: string }
  | {
      /** A verdict of an analyst, or a chargeback. */
      kind: 'reported';
      at: number;
      walletId: string;
      counterpartyWalletId?: string | undefined;
      deviceId?: string | undefined;
      address?: string | undefined;
    };
