import type {
  EventName,
  LANE_TYPES,
  Outcome,
  TransferCredit,
  TransferSettlement,
} from '@florin/contracts';
import type { Currency } from '@florin/kernel';
import type { AdjustmentState, EntryState, TransactionState, WalletState } from './book.ts';

/**
 * What the decisions of one batch add up to: rows to write, and what to tell once it's committed.
 */
export interface Changes {
  newTransactions: TransactionState[];
  /** Those that were open, and have another status or another review now. */
  changedTransactions: Set<TransactionState>;
  /** Transactions whose review was opened or decided. */
  reviewed: Set<TransactionState>;
  entries: EntryState[];
  wallets: Set<WalletState>;
  /** Those whose limits are others than they were. */
  limited: Set<WalletState>;
  /** Adjustments that were proposed or decided. */
  adjusted: Set<AdjustmentState>;
  /** Wallets with another overdraft limit, and the highest that they had in this batch. */
  overdrafts: Map<WalletState, bigint>;
  /** Those of the new ones that follow from another. */
  followUps: TransactionState[];
  /** As they are now that more of them was given back, by id. */
  reversed: Map<string, TransactionState>;
  newHolds: {
    transactionId: string;
    walletId: string;
    amount: bigint;
    placedAtUs: number;
    expiresAtUs: number | null;
  }[];
  /** By transaction: a hold may be drawn on more than once in a batch. */
  drawnHolds: Map<string, DrawnHold>;
  /** Payments that wait for another shard, and those that need not any more: whether credited. */
  departures: Departure[];
  settledDepartures: Map<string, SettledDeparture>;
  /** What was credited for another shard. */
  arrivals: Arrival[];
  events: EventState[];
  outcomes: Answer[];
  /** What is said in other lanes, once it is committed. */
  letters: Letter[];
  deadLetters: DeadLetter[];
}

export interface SettledDeparture {
  credited: boolean;
  /** Between which shards in the end: either side may have moved since it departed. */
  pair: string;
}

export interface Departure {
  transactionId: string;
  partition: number;
  /** Between which shards: see `pairName`. */
  pair: string;
  amount: bigint;
  currency: Currency;
  departedAtUs: number;
}

export interface Arrival {
  id: string;
  pair: string;
  amount: bigint;
  currency: Currency;
  /** The entry of the account between the shards. */
  debit: EntryState;
}

/** A message to the owner of a wallet in another shard. */
export type Letter = { transactionId: string; wallet: string } & (
  | { type: typeof LANE_TYPES.creditTransfer; data: TransferCredit }
  | { type: typeof LANE_TYPES.settleTransfer; data: TransferSettlement }
);

export interface DrawnHold {
  captured: bigint;
  released: bigint;
  /** Null while something of it is left. */
  settledAtUs: number | null;
}

export interface EventState {
  partition: number;
  sequence: number;
  name: EventName;
  wallet: string;
  /** The envelope as it goes out. Made when it's asked for: the next batch need not wait for it. */
  json: Text;
  /**
   * False for a transaction that was final at once: its row and entries never change, and tell the
   * event again. Any other is stored as it is.
   */
  isStored: boolean;
}

export interface Answer {
  origin: string;
  /** An Outcome. */
  json: Text;
}

/** JSON that is made when it's first asked for. */
export type Text = () => string;

export function lazyText(make: () => string): Text {
  let text: string | undefined;
  return () => (text ??= make());
}

export const answerWith = (origin: string, outcome: Outcome): Answer => ({
  origin,
  json: () => JSON.stringify(outcome),
});

export interface DeadLetter {
  partition: number;
  streamSequence: number;
  item: number;
  reason: string;
  body: Uint8Array;
}

export const noChanges = (): Changes => ({
  newTransactions: [],
  changedTransactions: new Set(),
  reviewed: new Set(),
  entries: [],
  wallets: new Set(),
  limited: new Set(),
  adjusted: new Set(),
  overdrafts: new Map(),
  followUps: [],
  reversed: new Map(),
  newHolds: [],
  drawnHolds: new Map(),
  departures: [],
  settledDepartures: new Map(),
  arrivals: [],
  events: [],
  outcomes: [],
  letters: [],
  deadLetters: [],
});
