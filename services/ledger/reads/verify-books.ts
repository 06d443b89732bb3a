import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import { brokenInvariants } from '../sql/broken-invariants.ts';
import type { ResponseOf } from './request-types.ts';

/** Breaks shown per invariant: the first ones tell where to look. */
const BREAKS_SHOWN_MAX = 20;

/** Recomputes every invariant from the entries, all at one moment of the books. */
export function createVerifyBooks(pool: pg.Pool, nowIso: () => string) {
  return (): Promise<ResponseOf<'verifyBooks'>> =>
    withHotTransaction(pool, async (client) => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const checkedAt = nowIso();
      const breaks: { invariant: string; detail: string }[] = [];
      for (const { invariant, query } of brokenInvariants) {
        const limited = `SELECT detail FROM (${query}) AS broken LIMIT ${BREAKS_SHOWN_MAX}`;
        const { rows } = await client.query<{ detail: string }>(limited);
        breaks.push(...rows.map(({ detail }) => ({ invariant, detail })));
      }
      return { ok: breaks.length === 0, checkedAt, breaks };
    });
}
