import { bankOf, LANE_TYPES, type AdjustmentProposal, type LaneMessage } from '@florin/contracts';
import { assert } from '@florin/kernel';
import { allInTurn } from '@florin/postgres';
import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import type { AdjustmentState, Book, TransactionState } from '../domain/book.ts';
import { positionId } from '../domain/conversion.ts';
import { mayCost, type FeeRules } from '../domain/fee.ts';
import { systemAccountId } from '../domain/system-accounts.ts';
import { adjustmentFromRow, findAdjustments, type AdjustmentRow } from '../sql/adjustments.ts';
import {
  findFollowUpsUnderWay,
  findOpenTransactions,
  findParties,
  findTransactions,
} from '../sql/find-transactions.ts';
import { findUsedQuotes, lockQuotes } from '../sql/write-conversions.ts';
import type { lockWallets, readWallets } from '../sql/lock-wallets.ts';
import {
  entryFromRow,
  transactionFromRow,
  walletFromRow,
  type EntryRow,
  type TransactionRow,
  type WalletRow,
} from '../sql/rows.ts';
import type { LaneItem } from './lane-item.ts';
import { findArrivals } from '../sql/arrivals.ts';
import { addCrossings } from './cross-shard-ids.ts';
import { otherShards, type ShardPlace } from './shard-view.ts';

/** The messages of a lane, as far as the book that they need depends on them. */
export type Commands = readonly Pick<LaneItem, 'partition' | 'commands'>[];

/** How a book is read: with its wallets locked, or only to look at. */
export interface Reading {
  client: pg.ClientBase;
  walletsQuery: typeof lockWallets | typeof readWallets;
  /** What payments cost: whose fees may be paid, their account is read with the wallets. */
  fees: FeeRules;
  /** Absent where all books are in one place. */
  shard?: ShardPlace | undefined;
  /** What must be known first; its statement travels with those of the book. */
  first(): Promise<void>;
}

/** Everything that the commands may need. Most batches need no more than these statements. */
export async function loadBook(reading: Reading, items: Commands): Promise<Book> {
  const { client, walletsQuery, fees, shard, first } = reading;
  const ids = idsOf(items, fees);
  if (shard !== undefined) addCrossings(shard, items, ids);
  await addParties(client, ids);
  const usedQuotes = await holdQuotes(client, ids);
  const [, known, wallets] = await allInTurn([
    first(),
    client.query<TransactionRow>(findTransactions, [plainArray([...ids.transactionIds])]),
    client.query<WalletRow>(walletsQuery, [plainArray([...ids.walletIds])]),
  ]);
  const adjustments = new Map<string, AdjustmentState>();
  const book: Book = { wallets: new Map(), transactions: new Map(), usedQuotes, adjustments };
  if (shard !== undefined) book.otherShards = otherShards(shard);
  for (const row of known.rows) book.transactions.set(row.id, transactionFromRow(row));
  for (const row of wallets.rows) book.wallets.set(row.id, walletFromRow(row));
  await loadAwaitedDeposits(client, book, ids);
  await loadAdjustments(client, book, ids);
  await loadArrivals(client, book, ids);
  await loadUnderWay(client, book, ids);
  await loadSystemAccounts(reading, book, ids);
  return book;
}

/**
 * A verdict doesn't say who would be paid, nor what follows from a payment who was, and all wallets
 * must be locked in one go. Who is paid never changes, so it may be read before the locks.
 */
async function addParties(
  client: pg.ClientBase,
  { reviewedIds, relatedIds, walletIds }: BatchIds,
): Promise<void> {
  const ids = [...reviewedIds, ...relatedIds];
  if (ids.length === 0) return;
  const { rows } = await client.query<{ id: string }>(findParties, [plainArray(ids)]);
  for (const { id } of rows) walletIds.add(id);
}

/** Which of the quotes are used by now; from here on nobody else uses one of them. */
async function holdQuotes(client: pg.ClientBase, { quoteIds }: BatchIds): Promise<Set<string>> {
  if (quoteIds.size === 0) return new Set();
  const values = [plainArray([...quoteIds])];
  await client.query(lockQuotes, values);
  const { rows } = await client.query<{ id: string }>(findUsedQuotes, values);
  return new Set(rows.map(({ id }) => id));
}

/** What was credited before, to be told again. */
async function loadArrivals(
  client: pg.ClientBase,
  { otherShards: others, transactions, wallets }: Book,
  { arrivalIds }: BatchIds,
): Promise<void> {
  const known = [...arrivalIds].filter((id) => transactions.has(id));
  if (others === undefined || known.length === 0) return;
  const { rows } = await client.query<EntryRow>(findArrivals, [plainArray(known)]);
  for (const entry of rows.map(entryFromRow)) {
    // As when it was made, or as it is by now.
    const isOwed = entry.balanceAfter < 0n && entry.delta > 0n;
    if (isOwed) entry.overdraftLimit = wallets.get(entry.walletId)?.overdraftLimit ?? null;
    const entries = others.arrivals.get(entry.transactionId) ?? [];
    others.arrivals.set(entry.transactionId, [...entries, entry]);
  }
}

/**
 * What the settled ones follow from, and what else follows from all that something follows from
 * here and waits for another shard. Read once more, now that their wallets are locked: after a
 * partition has moved, two lanes may give back of one payment.
 */
async function loadUnderWay(
  client: pg.ClientBase,
  { otherShards: others, transactions }: Book,
  { settledIds, followedIds }: BatchIds,
): Promise<void> {
  if (others === undefined) return;
  const related = [...settledIds].flatMap((id) => {
    const followUp = transactions.get(id)?.followUp;
    return followUp ? [followUp.relatedId] : [];
  });
  const followed = [...new Set([...followedIds, ...related])];
  if (followed.length === 0) return;
  const [known, underWay] = await allInTurn([
    client.query<TransactionRow>(findTransactions, [plainArray(followed)]),
    client.query<TransactionRow>(findFollowUpsUnderWay, [plainArray(followed)]),
  ]);
  for (const row of [...known.rows, ...underWay.rows]) {
    transactions.set(row.id, transactionFromRow(row));
  }
}

/** The wallet of a decided one is that of its message, which is locked. */
async function loadAdjustments(
  client: pg.ClientBase,
  book: Book,
  { adjustmentIds }: BatchIds,
): Promise<void> {
  if (adjustmentIds.size === 0) return;
  const values = [plainArray([...adjustmentIds])];
  const { rows } = await client.query<AdjustmentRow>(findAdjustments, values);
  for (const row of rows) book.adjustments.set(row.id, adjustmentFromRow(row));
}

/** A wallet can't be closed while a bank may still pay into it. */
async function loadAwaitedDeposits(
  client: pg.ClientBase,
  book: Book,
  { closingIds }: BatchIds,
): Promise<void> {
  if (closingIds.size === 0) return;
  const values = [plainArray([...closingIds])];
  const { rows } = await client.query<TransactionRow>(findOpenTransactions, values);
  for (const row of rows) book.transactions.set(row.id, transactionFromRow(row));
}

/**
 * The accounts of the platform that payments need: those of settled ones are known once these are.
 * They may be locked after the others: each belongs to one partition, and
 * that one is locked already.
 */
async function loadSystemAccounts(
  { client, walletsQuery }: Reading,
  book: Book,
  { settledIds, reviewedIds, relatedIds, orders, adjusted }: BatchIds,
): Promise<void> {
  const ids = new Set<string>();
  const known = [...settledIds, ...reviewedIds, ...relatedIds].map((id) =>
    book.transactions.get(id),
  );
  for (const payment of [...known, ...orders]) {
    if (payment === undefined) continue;
    const { currency, partition, conversion } = payment;
    if (payment.fee) ids.add(feesAccountId(currency, partition));
    if (conversion) {
      ids.add(positionId(currency, partition)).add(positionId(conversion.toCurrency, partition));
    }
    if (payment.bankAccount === null) continue;
    const bank = bankOf(payment.bankAccount);
    ids.add(systemAccountId('bank-clearing', bank, payment.currency, payment.partition));
  }
  for (const payment of known.filter((one) => one !== undefined)) {
    for (const pair of pairsOf(book, payment)) {
      ids.add(systemAccountId('transit', pair, payment.currency, payment.partition));
    }
  }
  for (const { walletId, account, partition } of adjusted) {
    const currency = account?.currency ?? book.wallets.get(walletId)?.currency;
    if (account !== undefined) {
      ids.add(systemAccountId(account.kind, account.bank, account.currency, partition));
    }
    if (currency !== undefined) ids.add(systemAccountId('suspense', '', currency, partition));
  }
  if (ids.size === 0) return;
  const { rows } = await client.query<WalletRow>(walletsQuery, [plainArray([...ids])]);
  for (const row of rows) book.wallets.set(row.id, walletFromRow(row));
}

/** Between which shards a payment has gone that something follows from. */
function pairsOf(
  { otherShards: others }: Book,
  { walletId, counterpartyWalletId }: TransactionState,
): string[] {
  if (others === undefined) return [];
  return [walletId, counterpartyWalletId].flatMap((id) =>
    id !== null && others.isElsewhere(id) ? [others.pairOf(id)] : [],
  );
}

export interface BatchIds {
  walletIds: Set<string>;
  transactionIds: Set<string>;
  settledIds: Set<string>;
  /** Transactions that somebody has a verdict on. */
  reviewedIds: Set<string>;
  /** Transactions that something is to follow from. */
  relatedIds: Set<string>;
  /** Wallets that somebody wants to close. */
  closingIds: Set<string>;
  /** New deposits and withdrawals: which bank, and in which partition. */
  orders: {
    bankAccount: string | null;
    currency: string;
    partition: number;
    /** What conversions give. */
    conversion?: { toCurrency: string };
    fee?: never;
  }[];
  /** Quotes that conversions are asked for by. */
  quoteIds: Set<string>;
  /** Adjustments that somebody proposes or decides about: also their transactions' ids. */
  adjustmentIds: Set<string>;
  /** Whose wallets they are: a proposal and its approval may come in one batch. */
  adjusted: {
    walletId: string;
    account?: AdjustmentProposal['account'];
    partition: number;
  }[];
  /** What arrives from other shards. */
  arrivalIds: Set<string>;
  /** What may have been followed by something that waits for another shard. */
  followedIds: Set<string>;
}

const feesAccountId = (currency: string, partition: number): string =>
  systemAccountId('fees', '', currency, partition);

/** The payments of a message, as far as they may cost something. */
function paymentsIn({ type, data }: LaneMessage): readonly { type: string; currency: string }[] {
  if (type === LANE_TYPES.transactionInitiated || type === LANE_TYPES.followUpInitiated) {
    return [data];
  }
  if (type !== LANE_TYPES.bulkInitiated) return [];
  return data.orders.map(({ currency }) => ({ type: 'transfer', currency }));
}

function idsOf(items: Commands, fees: FeeRules): BatchIds {
  const ids: BatchIds = {
    walletIds: new Set(),
    transactionIds: new Set(),
    settledIds: new Set(),
    reviewedIds: new Set(),
    relatedIds: new Set(),
    closingIds: new Set(),
    orders: [],
    quoteIds: new Set(),
    adjustmentIds: new Set(),
    adjusted: [],
    arrivalIds: new Set(),
    followedIds: new Set(),
  };
  for (const { partition, commands } of items) {
    for (const { message } of commands) {
      ids.walletIds.add(message.data.walletId);
      if (fees.formulas.size > 0) {
        for (const payment of paymentsIn(message)) {
          if (!mayCost(fees, payment)) continue;
          ids.walletIds.add(feesAccountId(payment.currency, partition));
        }
      }
      if (message.type === LANE_TYPES.transactionInitiated) {
        const { data } = message;
        ids.transactionIds.add(data.transactionId);
        if ('counterpartyWalletId' in data) ids.walletIds.add(data.counterpartyWalletId);
        else ids.orders.push({ ...data, partition });
        if ('quote' in data) {
          ids.quoteIds.add(data.quote.id);
          ids.orders.push({ ...data, bankAccount: null, partition, conversion: data.quote });
        }
      } else if (message.type === LANE_TYPES.bulkInitiated) {
        for (const order of message.data.orders) {
          ids.transactionIds.add(order.transactionId);
          ids.walletIds.add(order.walletId).add(order.counterpartyWalletId);
        }
      } else if (message.type === LANE_TYPES.rewardInitiated) {
        ids.transactionIds.add(message.data.transactionId);
        ids.walletIds.add(message.data.counterpartyWalletId);
      } else if (
        message.type === LANE_TYPES.followUpInitiated ||
        message.type === LANE_TYPES.rewardReversalInitiated
      ) {
        const { transactionId, relatedTransactionId } = message.data;
        ids.transactionIds.add(transactionId).add(relatedTransactionId);
        ids.relatedIds.add(relatedTransactionId);
      } else if (
        message.type === LANE_TYPES.proposeAdjustment ||
        message.type === LANE_TYPES.decideAdjustment
      ) {
        ids.adjustmentIds.add(message.data.adjustmentId);
        const { walletId, account } = message.data;
        ids.adjusted.push({ walletId, account, partition });
        ids.transactionIds.add(message.data.adjustmentId);
      } else if (message.type === LANE_TYPES.expireHold) {
        ids.transactionIds.add(message.data.transactionId);
      } else if (message.type === LANE_TYPES.settleTransaction) {
        ids.transactionIds.add(message.data.transactionId);
        ids.settledIds.add(message.data.transactionId);
      } else if (message.type === LANE_TYPES.decideReview) {
        ids.transactionIds.add(message.data.transactionId);
        ids.reviewedIds.add(message.data.transactionId);
      } else if (message.type === LANE_TYPES.changeWalletStatus && message.data.to === 'closed') {
        ids.closingIds.add(message.data.walletId);
      }
    }
  }
  assert(items.length > 0, 'a batch is never empty');
  return ids;
}
