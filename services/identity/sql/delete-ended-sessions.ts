import { sql } from '@florin/postgres';
import type { Queries } from './queries.ts';

/**
 * Deletes at most `limit` sessions past their end, with their tokens. Those that another instance
 * is deleting are skipped. Answers how many went.
 */
export async function deleteEndedSessions(
  db: Queries,
  options: { endedBefore: Date; limit: number },
): Promise<number> {
  const { rowCount } = await db.query(sql.unsafe`
    DELETE FROM sessions WHERE id IN (
      SELECT id FROM sessions WHERE expires_at <= ${sql.timestamp(options.endedBefore)}
      ORDER BY expires_at LIMIT ${options.limit} FOR UPDATE SKIP LOCKED)`);
  return rowCount;
}
