import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const outboxRow = z.object({
  position: z.bigint(),
  subject: z.string(),
  event: z.looseObject({ id: z.string(), type: z.string(), data: z.looseObject({}) }),
});
export type OutboxRow = z.infer<typeof outboxRow>;

/** The oldest events. What another instance is publishing just now is skipped. */
export const takeOutbox = (db: Queries, limit: number): Promise<readonly OutboxRow[]> =>
  db.any(sql.type(outboxRow)`
    SELECT position, subject, event FROM outbox
    ORDER BY position LIMIT ${limit} FOR UPDATE SKIP LOCKED`);

export async function deleteOutbox(db: Queries, positions: readonly bigint[]): Promise<void> {
  await db.query(sql.unsafe`
    DELETE FROM outbox WHERE position = ANY(${sql.array([...positions], 'int8')})`);
}

const countRow = z.object({ waiting: z.number().int() });

export const countOutbox = async (db: Queries): Promise<number> =>
  (await db.one(sql.type(countRow)`SELECT count(*)::int AS waiting FROM outbox`)).waiting;
