import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import { isoFromMicros } from '../domain/iso-time.ts';
import { toEntry, toTransaction } from '../domain/views.ts';
import { findFollowUps, findTransactions } from '../sql/find-transactions.ts';
import {
  entryFromRow,
  transactionFromRow,
  type EntryRow,
  type TransactionRow,
} from '../sql/rows.ts';
import { listEntries } from '../sql/select-entries.ts';
import { listTransactions, walletsOfOwner } from '../sql/select-transactions.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { RequestOf, ResponseOf } from './request-types.ts';

export function createTransactionReads(pool: pg.Pool) {
  async function walletIdsOf(request: RequestOf<'listTransactions'>): Promise<string[]> {
    if (request.walletIds !== undefined) return request.walletIds;
    if (request.ownerId === undefined) return [];
    const { rows } = await pool.query<{ id: string }>(walletsOfOwner, [request.ownerId]);
    return rows.map((row) => row.id);
  }

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
          transaction.relatedTransactionIds = followUps.rows.map((one) => one.id);
        }
      }
      return { transaction, clientId: row.client_id };
    },

    async listTransactions(
      request: RequestOf<'listTransactions'>,
    ): Promise<ResponseOf<'listTransactions'>> {
      const cursor = request.cursor === undefined ? undefined : readCursor(request.cursor);
      const walletIds = await walletIdsOf(request);
      if (cursor?.ok === false || walletIds.length === 0) return { items: [], nextCursor: null };
      const { filter, limit } = request;
      const { rows } = await pool.query<TransactionRow & { at_us: bigint }>(listTransactions, [
        plainArray(walletIds),
        cursor === undefined ? null : isoFromMicros(cursor.value.atUs),
        cursor?.value.id ?? null,
        limit + 1,
        filter.status ?? null,
        filter.type ?? null,
        filter.from ?? null,
        filter.to ?? null,
        filter.metadata === undefined ? null : JSON.stringify(filter.metadata),
      ]);
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        items: page.map((row) => toTransaction(transactionFromRow(row))),
        nextCursor:
          last === undefined ? null : writeCursor({ atUs: Number(last.at_us), id: last.id }),
      };
    },

    async listEntries(request: RequestOf<'listEntries'>): Promise<ResponseOf<'listEntries'>> {
      const { walletId, cursor, limit } = request;
      const before = cursor === undefined ? null : Number(cursor);
      if (before !== null && !Number.isSafeInteger(before)) return { items: [], nextCursor: null };
      const { rows } = await pool.query<EntryRow>(listEntries, [walletId, before, limit + 1]);
      const page = rows.slice(0, limit).map(entryFromRow);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        items: page.map(toEntry),
        nextCursor: last === undefined ? null : String(last.sequence),
      };
    },
  };
}
