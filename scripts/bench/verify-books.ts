import type pg from 'pg';
import { brokenInvariants } from '../../services/ledger/sql/broken-invariants.ts';

/** Every broken invariant of the books, straight from the tables. */
export async function brokenBooks(pool: pg.Pool): Promise<string[]> {
  const breaks: string[] = [];
  for (const { invariant, query } of brokenInvariants) {
    const { rows } = await pool.query<{ detail: string }>(`${query} LIMIT 5`);
    breaks.push(...rows.map((row) => `${invariant}: ${row.detail}`));
  }
  return breaks;
}
