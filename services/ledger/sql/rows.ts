import type { Currency } from '@florin/kernel';
import type {
  RefusalCode,
  Risk,
  TransactionStatus,
  TransactionType,
  WalletStatus,
} from '@florin/contracts';
import type { Allowance } from '../domain/allowance.ts';
import type {
  ConversionState,
  EntryState,
  FeeState,
  ReviewState,
  TransactionState,
  WalletState,
} from '../domain/book.ts';

/** Rows as the driver hands them over (int8 as bigint), and the states that they stand for. */

export interface WalletRow {
  id: string;
  partition: number;
  kind: WalletState['kind'];
  owner_id: string | null;
  name: string;
  purpose: string | null;
  currency: Currency;
  status: WalletStatus;
  posted: bigint;
  held: bigint;
  overdraft_limit: bigint;
  /** Read under locks only: limits of a transaction, a day, a month; spent in a day, a month. */
  allowance?: readonly string[] | null;
  sequence: bigint;
  version: bigint;
  created_us: bigint;
  changed_us: bigint;
}

function allowanceFromRow({ allowance }: WalletRow): Allowance | null {
  if (allowance === null || allowance === undefined) return null;
  const [perTransaction = 0n, perDay = 0n, perMonth = 0n, spentDay = 0n, spentMonth = 0n] =
    allowance.map(BigInt);
  return { perTransaction, perDay, perMonth, spentDay, spentMonth };
}

export const walletFromRow = (row: WalletRow): WalletState => ({
  id: row.id,
  partition: row.partition,
  kind: row.kind,
  ownerId: row.owner_id,
  name: row.name,
  purpose: row.purpose,
  currency: row.currency,
  status: row.status,
  posted: row.posted,
  held: row.held,
  overdraftLimit: row.overdraft_limit,
  allowance: allowanceFromRow(row),
  sequence: Number(row.sequence),
  version: Number(row.version),
  createdAtUs: Number(row.created_us),
  changedAtUs: Number(row.changed_us),
  isNew: false,
});

type ConversionNumber = 'toAmount' | 'fromValue' | 'toValue';

export interface TransactionRow {
  id: string;
  partition: number;
  event_sequence: bigint;
  type: TransactionType;
  status: TransactionStatus;
  wallet_id: string;
  counterparty_wallet_id: string | null;
  amount: bigint;
  currency: Currency;
  client_id: string;
  body_hash: string;
  origin: string;
  failure_code: RefusalCode | null;
  wallet_sequence: bigint | null;
  counterparty_sequence: bigint | null;
  wallet_posted: bigint;
  wallet_held: bigint;
  bank_account: string | null;
  description: string | null;
  metadata: Record<string, string> | null;
  risk: Risk | null;
  review: ReviewState | null;
  reversed: bigint | null;
  follow_up: { relatedId: string; remaining: string; endsHold: boolean } | null;
  hold: { captured: string; released: string; expiresAtUs: number } | null;
  conversion: (Omit<ConversionState, ConversionNumber> & Record<ConversionNumber, string>) | null;
  direction: TransactionState['direction'];
  split_id: string | null;
  fee: (Omit<FeeState, 'amount'> & { amount: string }) | null;
  created_us: bigint;
  completed_us: bigint | null;
}

const numberOrNull = (value: bigint | null): number | null =>
  value === null ? null : Number(value);

export const transactionFromRow = (row: TransactionRow): TransactionState => ({
  id: row.id,
  partition: row.partition,
  eventSequence: Number(row.event_sequence),
  type: row.type,
  status: row.status,
  walletId: row.wallet_id,
  counterpartyWalletId: row.counterparty_wallet_id,
  amount: row.amount,
  currency: row.currency,
  clientId: row.client_id,
  bodyHash: row.body_hash,
  origin: row.origin,
  failureCode: row.failure_code,
  walletSequence: numberOrNull(row.wallet_sequence),
  counterpartySequence: numberOrNull(row.counterparty_sequence),
  walletPosted: row.wallet_posted,
  walletHeld: row.wallet_held,
  bankAccount: row.bank_account,
  description: row.description,
  metadata: row.metadata,
  risk: row.risk,
  review: row.review,
  followUp:
    row.follow_up === null
      ? null
      : { ...row.follow_up, remaining: BigInt(row.follow_up.remaining) },
  reversed: row.reversed ?? 0n,
  hold:
    row.hold === null
      ? null
      : {
          captured: BigInt(row.hold.captured),
          released: BigInt(row.hold.released),
          expiresAtUs: row.hold.expiresAtUs,
        },
  conversion: row.conversion && {
    ...row.conversion,
    toAmount: BigInt(row.conversion.toAmount),
    fromValue: BigInt(row.conversion.fromValue),
    toValue: BigInt(row.conversion.toValue),
  },
  direction: row.direction,
  splitId: row.split_id,
  fee: row.fee && { ...row.fee, amount: BigInt(row.fee.amount) },
  createdAtUs: Number(row.created_us),
  completedAtUs: numberOrNull(row.completed_us),
});

export interface EntryRow {
  wallet_id: string;
  sequence: bigint;
  transaction_id: string;
  currency: Currency;
  delta: bigint;
  balance_after: bigint;
  created_us: bigint;
}

export const entryFromRow = (row: EntryRow): EntryState => ({
  walletId: row.wallet_id,
  sequence: Number(row.sequence),
  transactionId: row.transaction_id,
  currency: row.currency,
  delta: row.delta,
  balanceAfter: row.balance_after,
  overdraftLimit: null,
  createdAtUs: Number(row.created_us),
});
