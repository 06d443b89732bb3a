import { bankOf, LANE_TYPES } from '@florin/contracts';
import { assert } from '@florin/kernel';
import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import type { Book } from '../domain/book.ts';
import { noChanges } from '../domain/changes.ts';
import { decide } from '../domain/decide.ts';
import { systemAccountId } from '../domain/system-accounts.ts';
import { plainArray } from '../adapters/array-literal.ts';
import { findOpenTransactions, findParties, findTransactions } from '../sql/find-transactions.ts';
import { lockPartitions } from '../sql/lock-partitions.ts';
import { lockWallets } from '../sql/lock-wallets.ts';
import {
  transactionFromRow,
  walletFromRow,
  type TransactionRow,
  type WalletRow,
} from '../sql/rows.ts';
import type { LaneClaim, LaneItem } from './lane-item.ts';
import type { Posted } from './posted.ts';
import { writeChanges } from './write-changes.ts';

/** Somebody else owns these partitions now. Nothing of the batch was written. */
export class FencedError extends Error {
  override name = 'FencedError';
  readonly partitions: number[];
  constructor(partitions: number[]) {
    super(`fenced off partitions ${partitions.join(', ')}`);
    this.partitions = partitions;
  }
}

interface PostBatchOptions {
  pool: pg.Pool;
  nowUs: () => number;
  /** How long a transaction waits for a person before it is declined. */
  reviewForMs: number;
}

/**
 * Decides a batch of lane items and writes the decisions, the positions and the event numbers in
 * one database transaction: after any crash either all of it happened or none.
 * @throws FencedError when an epoch is no longer ours
 */
export function createPostBatch({ pool, nowUs, reviewForMs }: PostBatchOptions) {
  return (claims: readonly LaneClaim[], items: readonly LaneItem[]): Promise<Posted> =>
    withHotTransaction(pool, async (client) => {
      const book = await loadBook(client, claims, items);
      const posted = decideAll(book, claims, items, nowUs, reviewForMs * 1000);
      await writeChanges(client, claims, items, posted);
      return posted;
    });
}

function decideAll(
  book: Book,
  claims: readonly LaneClaim[],
  items: readonly LaneItem[],
  nowUs: () => number,
  reviewForUs: number,
): Posted {
  const changes = noChanges();
  const eventSequences = new Map(claims.map((claim) => [claim.partition, claim.eventSequence]));
  for (const { partition, origin, sequence, commands, deadLetters } of items) {
    changes.deadLetters.push(...deadLetters);
    const nextEvent = () => {
      const next = (eventSequences.get(partition) ?? 0) + 1;
      eventSequences.set(partition, next);
      return next;
    };
    for (const { item, message } of commands) {
      const asked = { partition, origin, nowUs: nowUs(), nextEvent, reviewForUs };
      const problem = decide(book, message, asked, changes);
      if (problem === undefined) continue;
      changes.deadLetters.push({
        partition,
        streamSequence: sequence,
        item,
        reason: problem.undecidable,
        body: Buffer.from(JSON.stringify(message)),
      });
    }
  }
  return { changes, eventSequences };
}

/** Everything that the batch may need, read under locks. The three statements travel together. */
async function loadBook(
  client: pg.PoolClient,
  claims: readonly LaneClaim[],
  items: readonly LaneItem[],
): Promise<Book> {
  const ids = idsOf(items);
  await addParties(client, ids);
  const [locked, known, wallets] = await Promise.all([
    client.query<{ partition: number }>(lockPartitions, [
      plainArray(claims.map((claim) => claim.partition)),
      plainArray(claims.map((claim) => claim.epoch)),
    ]),
    client.query<TransactionRow>(findTransactions, [plainArray([...ids.transactionIds])]),
    client.query<WalletRow>(lockWallets, [plainArray([...ids.walletIds])]),
  ]);
  if (locked.rows.length !== claims.length) {
    const ours = new Set(locked.rows.map((row) => row.partition));
    const lost = claims.map((claim) => claim.partition).filter((id) => !ours.has(id));
    throw new FencedError(lost);
  }
  const book: Book = { wallets: new Map(), transactions: new Map() };
  for (const row of known.rows) book.transactions.set(row.id, transactionFromRow(row));
  for (const row of wallets.rows) book.wallets.set(row.id, walletFromRow(row));
  await loadAwaitedDeposits(client, book, ids);
  await loadClearingAccounts(client, book, ids);
  return book;
}

/**
 * A verdict doesn't say who would be paid, nor what follows from a payment who was, and all wallets
 * must be locked in one go. Who is paid never changes, so it may be read before the locks.
 */
async function addParties(
  client: pg.PoolClient,
  { reviewedIds, relatedIds, walletIds }: BatchIds,
): Promise<void> {
  const ids = [...reviewedIds, ...relatedIds];
  if (ids.length === 0) return;
  const { rows } = await client.query<{ id: string }>(findParties, [plainArray(ids)]);
  for (const { id } of rows) walletIds.add(id);
}

/** A wallet can't be closed while a bank may still pay into it. */
async function loadAwaitedDeposits(
  client: pg.PoolClient,
  book: Book,
  { closingIds }: BatchIds,
): Promise<void> {
  if (closingIds.size === 0) return;
  const values = [plainArray([...closingIds])];
  const { rows } = await client.query<TransactionRow>(findOpenTransactions, values);
  for (const row of rows) book.transactions.set(row.id, transactionFromRow(row));
}

/**
 * The clearing accounts of all bank payments, those of settled ones being known once these are.
 * They may be locked after the others: each belongs to one partition, and
 * that one is locked already.
 */
async function loadClearingAccounts(
  client: pg.PoolClient,
  book: Book,
  { settledIds, reviewedIds, relatedIds, orders }: BatchIds,
): Promise<void> {
  const ids = new Set<string>();
  const known = [...settledIds, ...reviewedIds, ...relatedIds].map((id) =>
    book.transactions.get(id),
  );
  for (const payment of [...known, ...orders]) {
    if (payment === undefined || payment.bankAccount === null) continue;
    const bank = bankOf(payment.bankAccount);
    ids.add(systemAccountId('bank-clearing', bank, payment.currency, payment.partition));
  }
  if (ids.size === 0) return;
  const { rows } = await client.query<WalletRow>(lockWallets, [plainArray([...ids])]);
  for (const row of rows) book.wallets.set(row.id, walletFromRow(row));
}

interface BatchIds {
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
  orders: { bankAccount: string | null; currency: string; partition: number }[];
}

function idsOf(items: readonly LaneItem[]): BatchIds {
  const ids: BatchIds = {
    walletIds: new Set(),
    transactionIds: new Set(),
    settledIds: new Set(),
    reviewedIds: new Set(),
    relatedIds: new Set(),
    closingIds: new Set(),
    orders: [],
  };
  for (const { partition, commands } of items) {
    for (const { message } of commands) {
      ids.walletIds.add(message.data.walletId);
      if (message.type === LANE_TYPES.transactionInitiated) {
        const { data } = message;
        ids.transactionIds.add(data.transactionId);
        if ('counterpartyWalletId' in data) ids.walletIds.add(data.counterpartyWalletId);
        else ids.orders.push({ ...data, partition });
      } else if (message.type === LANE_TYPES.bulkInitiated) {
        for (const order of message.data.orders) {
          ids.transactionIds.add(order.transactionId);
          ids.walletIds.add(order.walletId).add(order.counterpartyWalletId);
        }
      } else if (message.type === LANE_TYPES.followUpInitiated) {
        const { transactionId, relatedTransactionId } = message.data;
        ids.transactionIds.add(transactionId).add(relatedTransactionId);
        ids.relatedIds.add(relatedTransactionId);
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
