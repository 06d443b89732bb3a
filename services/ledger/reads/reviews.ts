import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import { isoFromMicros } from '../domain/iso-time.ts';
import { toTransaction } from '../domain/views.ts';
import { transactionFromRow, type TransactionRow } from '../sql/rows.ts';
import { countOpenReviews, listOpenReviews, listReviews } from '../sql/select-reviews.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { RequestOf, ResponseOf } from './request-types.ts';

/** Transactions that wait, or waited, for a person. */
export function createReviewReads(pool: pg.Pool) {
  return {
    /** Reviews of these partitions that nobody has decided yet. */
    async countOpen(partitions: Iterable<number>): Promise<number> {
      const values = [plainArray([...partitions])];
      const { rows } = await pool.query<{ open: number }>(countOpenReviews, values);
      return rows[0]?.open ?? 0;
    },

    async listReviews({
      status,
      cursor: after,
      limit,
    }: RequestOf<'listReviews'>): Promise<ResponseOf<'listReviews'>> {
      const cursor = after === undefined ? undefined : readCursor(after);
      if (cursor?.ok === false) return { items: [], nextCursor: null };
      const list = status === 'open' ? listOpenReviews : listReviews;
      const { rows } = await pool.query<TransactionRow & { at_us: bigint }>(list, [
        status ?? null,
        cursor === undefined ? null : isoFromMicros(cursor.value.atUs),
        cursor?.value.id ?? null,
        limit + 1,
      ]);
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        items: page.map((row) => toTransaction(transactionFromRow(row))),
        nextCursor:
          last === undefined ? null : writeCursor({ atUs: Number(last.at_us), id: last.id }),
      };
    },
  };
}
