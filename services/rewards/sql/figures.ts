import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

/** How long the longest waiting reward has waited, in seconds; 0 when none waits. */
export async function countWaiting(db: Queries): Promise<number> {
  const { seconds } = await db.one(sql.type(z.object({ seconds: z.number() }))`
    SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS seconds
      FROM rewards WHERE state IN ('due', 'sent')`);
  return seconds;
}

/** Of each rule that is in force: which share of its budget is left. */
export const budgetsLeft = (db: Queries, now: Date) =>
  db.any(sql.type(z.object({ id: z.string(), share: z.number() }))`
    SELECT id, ((budget - committed)::float8 / budget::float8) AS share FROM rules
     WHERE status = 'active' AND valid_from <= ${sql.timestamp(now)}
       AND valid_until > ${sql.timestamp(now)}`);
