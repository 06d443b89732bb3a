import type { Currency } from '@florin/kernel';
import type {
  AdjustmentDirection,
  AdjustmentStatus,
  FeePayer,
  RefusalCode,
  ReviewStatus,
  Risk,
  TransactionStatus,
  TransactionType,
  WalletStatus,
} from '@florin/contracts';

import type { Allowance } from './allowance.ts';
import type { OtherShards } from './shards.ts';
import type { SystemAccountKind } from './system-accounts.ts';

/**
 * The part of the books that one batch works on, loaded under row locks. Decisions change it in
 * place, so that each sees what the ones before it did; the posting then writes what changed.
 * Times are microseconds since 1970, amounts minor units.
 */
export interface Book {
  wallets: Map<string, WalletState>;
  transactions: Map<string, TransactionState>;
  /** Of the quotes that are asked for here, those that a conversion stands for already. */
  usedQuotes: Set<string>;
  /** Those that somebody proposes here or decides about. */
  adjustments: Map<string, AdjustmentState>;
  /** Absent where all books are in one place. */
  otherShards?: OtherShards;
}

export interface WalletState {
  id: string;
  partition: number;
  kind: 'user' | SystemAccountKind;
  ownerId: string | null;
  name: string;
  /** Of what the owner keeps one of in each currency: what for. */
  purpose: string | null;
  currency: Currency;
  status: WalletStatus;
  posted: bigint;
  held: bigint;
  overdraftLimit: bigint;
  /** Null when as much may leave it as is in it. */
  allowance: Allowance | null;
  /** Number of entries so far. */
  sequence: number;
  version: number;
  createdAtUs: number;
  changedAtUs: number;
  /** Opened in this batch: the row doesn't exist yet. */
  isNew: boolean;
}

export interface TransactionState {
  id: string;
  partition: number;
  /** `TOLD_ELSEWHERE` where another lane tells of it. */
  eventSequence: number;
  type: TransactionType;
  status: TransactionStatus;
  walletId: string;
  counterpartyWalletId: string | null;
  amount: bigint;
  currency: Currency;
  clientId: string;
  bodyHash: string;
  /** The gateway that waits for the outcome. */
  origin: string;
  failureCode: RefusalCode | null;
  walletSequence: number | null;
  counterpartySequence: number | null;
  /** Balances of `walletId` right after the last decision. */
  walletPosted: bigint;
  walletHeld: bigint;
  bankAccount: string | null;
  description: string | null;
  metadata: Record<string, string> | null;
  /** What was thought of it before it was decided; null when nobody was asked. */
  risk: Risk | null;
  review: ReviewState | null;
  /** Of a reversal, capture or release: what it follows from. */
  followUp: FollowUpState | null;
  /** How much of it was given back. */
  reversed: bigint;
  /** Of holds of their own: how they stand. */
  hold: HoldState | null;
  /** Of conversions: what is given for the amount. */
  conversion: ConversionState | null;
  /** Of a part of a payment to several: what its parts share. */
  splitId: string | null;
  /** Of an adjustment: whether the wallet got the amount. */
  direction: AdjustmentDirection | null;
  /** What it costs, and whom. Paid when it is completed. */
  fee: FeeState | null;
  createdAtUs: number;
  completedAtUs: number | null;
}

export interface FollowUpState {
  relatedId: string;
  /** What could still be reversed or captured of the related transaction after it. */
  remaining: bigint;
  /** Of a capture: what is left of the hold is released with it. */
  endsHold: boolean;
}

export interface HoldState {
  captured: bigint;
  released: bigint;
  expiresAtUs: number;
}

export interface FeeState {
  amount: bigint;
  paidBy: FeePayer;
  scheduleVersion: number;
}

/** A correction that one of the staff proposes, and another one decides about. */
export interface AdjustmentState {
  id: string;
  partition: number;
  walletId: string;
  direction: AdjustmentDirection;
  amount: bigint;
  currency: Currency;
  reason: string;
  bodyHash: string;
  proposedBy: string;
  proposedAtUs: number;
  expiresAtUs: number;
  status: Exclude<AdjustmentStatus, 'expired'>;
  decidedBy: string | null;
  decidedAtUs: number | null;
  note: string | null;
}

export interface ConversionState {
  quoteId: string;
  /** A conversion that was refused leaves its quote to another one. */
  usesQuote: boolean;
  toCurrency: Currency;
  toAmount: bigint;
  rate: string;
  /** What both amounts were worth at the mid rate, in minor units of the platform's currency. */
  baseCurrency: Currency;
  fromValue: bigint;
  toValue: bigint;
}

/** A transaction waits, or waited, for a person's verdict. The first verdict is the last. */
export interface ReviewState {
  status: ReviewStatus;
  openedAtUs: number;
  expiresAtUs: number;
  decidedAtUs: number | null;
  decidedBy: string | null;
  note: string | null;
}

export interface EntryState {
  walletId: string;
  sequence: number;
  transactionId: string;
  currency: Currency;
  /** Positive = credit, negative = debit. */
  delta: bigint;
  balanceAfter: bigint;
  /** Of somebody's wallet that is below zero: how far it may go. */
  overdraftLimit: bigint | null;
  createdAtUs: number;
}

export const availableOf = (wallet: WalletState): bigint => wallet.posted - wallet.held;

/** What a wallet may hold: far inside int8, also with all that is on its way to it. */
export const BALANCE_MAX = 1_000_000_000_000_000_000n;

/** A clearing account goes as far below zero as people have paid in: here int8 almost ends. */
export const CLEARING_OVERDRAFT = 9_000_000_000_000_000_000n;
/**
 * Beyond this no deposit begins. The rest is room for those that have begun: 1000 of the largest.
 */
export const CLEARING_DEPOSITS_MAX = 8_000_000_000_000_000_000n;

export const isUnderReview = ({ review }: TransactionState): boolean => review?.status === 'open';

/** Of what arrived from another shard: the payer’s lane tells it, with what it is a part of. */
export const TOLD_ELSEWHERE = 0;

/** The status in which nothing more can happen to a transaction. */
export const isFinal = (status: TransactionStatus): boolean =>
  status !== 'pending' && status !== 'held';
