import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import { shownId } from '../domain/arrival-id.ts';
import { toEntry, toTransaction } from '../domain/views.ts';
import { findFollowUps, findParts, findTransactions } from '../sql/find-transactions.ts';
import {
  entryFromRow,
  transactionFromRow,
  type EntryRow,
  type TransactionRow,
} from '../sql/rows.ts';
import { listEntries } from '../sql/select-entries.ts';
import type { ArchivedEntries } from './archived-entries.ts';
import { createListTransactions } from './list-transactions.ts';
import type { RequestOf, ResponseOf } from './request-types.ts';

export function createTransactionReads(pool: pg.Pool, archived: ArchivedEntries) {
  return {
    async getTransaction({
      id,
    }: RequestOf<'getTransaction'>): Promise<ResponseOf<'getTransaction'>> {
      const { rows } = await pool.query<TransactionRow>(findTransactions, [plainArray([id])]);
      const [row] = rows;
      if (row === undefined) return { transaction: null, clientId: null };
      const transaction = toTransaction(transactionFromRow(row));
      // Only of these there may be any.
      if (transaction.reversedAmount !== undefined || transaction.hold !== undefined) {
        const followUps = await pool.query<{ id: string }>(findFollowUps, [id]);
        if (followUps.rows.length > 0) {
          // Both halves of one between shards may lie here, after a partition has moved.
          const ids = new Set(followUps.rows.map((one) => shownId(one.id)));
          transaction.relatedTransactionIds = [...ids];
        }
      }
      return { transaction, clientId: row.client_id };
    },

    listTransactions: createListTransactions(pool, archived),

    async getSplit({ id }: RequestOf<'getSplit'>): Promise<ResponseOf<'getSplit'>> {
      const { rows } = await pool.query<TransactionRow>(findParts, [id]);
      return { transactions: rows.map((row) => toTransaction(transactionFromRow(row))) };
    },

    async listEntries(request: RequestOf<'listEntries'>): Promise<ResponseOf<'listEntries'>> {
      const { walletId, cursor, limit } = request;
      const before = cursor === undefined ? null : Number(cursor);
      if (before !== null && !Number.isSafeInteger(before)) return { items: [], nextCursor: null };
      const { rows } = await pool.query<EntryRow>(listEntries, [walletId, before, limit + 1]);
      const found = rows.map(entryFromRow);
      // What comes before the oldest one here is archived, or there is nothing.
      const older = rows.length > limit ? 0 : (found.at(-1)?.sequence ?? before ?? Infinity) - 1;
      if (older > 0) {
        const newest = Math.min(older, await archived.lastOf(walletId));
        const oldest = Math.max(1, newest - (limit - found.length));
        if (newest > 0) {
          found.push(...(await archived.between(walletId, oldest, newest)).toReversed());
        }
      }
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      return {
        items: page.map(toEntry),
        nextCursor: last === undefined ? null : String(last.sequence),
      };
    },
  };
}
