import type { ADJUSTMENT_REQUESTS } from '@florin/contracts';
import type pg from 'pg';
import type { z } from 'zod';
import { plainArray } from '../adapters/array-literal.ts';
import { toAdjustment } from '../domain/adjustment-view.ts';
import { isoFromMicros } from '../domain/iso-time.ts';
import {
  adjustmentFromRow,
  findAdjustments,
  listAdjustments,
  type AdjustmentRow,
} from '../sql/adjustments.ts';
import { readCursor, writeCursor } from './cursor.ts';

type Requests = typeof ADJUSTMENT_REQUESTS;
type Request<Name extends keyof Requests> = z.infer<Requests[Name]['request']>;
type Response<Name extends keyof Requests> = z.infer<Requests[Name]['response']>;

/** What the staff has proposed to correct. */
export function createAdjustmentReads(pool: pg.Pool, nowUs: () => number) {
  return {
    async getAdjustment({ id }: Request<'getAdjustment'>): Promise<Response<'getAdjustment'>> {
      const { rows } = await pool.query<AdjustmentRow>(findAdjustments, [plainArray([id])]);
      const [row] = rows;
      return {
        adjustment: row === undefined ? null : toAdjustment(adjustmentFromRow(row), nowUs()),
      };
    },

    async listAdjustments({
      status,
      walletId,
      cursor: after,
      limit,
    }: Request<'listAdjustments'>): Promise<Response<'listAdjustments'>> {
      const cursor = after === undefined ? undefined : readCursor(after);
      if (cursor?.ok === false) return { items: [], nextCursor: null };
      const now = nowUs();
      const { rows } = await pool.query<AdjustmentRow>(listAdjustments, [
        status ?? null,
        isoFromMicros(now),
        walletId ?? null,
        cursor === undefined ? null : isoFromMicros(cursor.value.atUs),
        cursor?.value.id ?? null,
        limit + 1,
      ]);
      const page = rows.slice(0, limit).map(adjustmentFromRow);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        items: page.map((state) => toAdjustment(state, now)),
        nextCursor:
          last === undefined ? null : writeCursor({ atUs: last.proposedAtUs, id: last.id }),
      };
    },
  };
}
