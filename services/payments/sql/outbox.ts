import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

/** Part of the database transaction that the event tells of: both are there, or neither is. */
export async function insertOutbox(db: Queries, subject: string, event: object): Promise<void> {
  await db.query(sql.type(z.object({}))`
    INSERT INTO outbox (subject, event) VALUES (${subject}, ${JSON.stringify(event)}::jsonb)`);
}

const row = z.object({
  position: z.bigint(),
  subject: z.string(),
  event: z.looseObject({ id: z.string(), type: z.string() }),
});

/** The oldest events. What another instance is publishing just now is skipped. */
export const takeOutbox = (db: Queries, limit: number) =>
  db.any(sql.type(row)`
    SELECT position, subject, event FROM outbox
    ORDER BY position LIMIT ${limit} FOR UPDATE SKIP LOCKED`);

export async function deleteOutbox(db: Queries, positions: readonly bigint[]): Promise<void> {
  await db.query(sql.type(z.object({}))`
    DELETE FROM outbox WHERE position = ANY(${sql.array([...positions], 'int8')})`);
}

const waitingRow = z.object({ waiting: z.number().int() });

export const countOutbox = async (db: Queries): Promise<number> =>
  (await db.one(sql.type(waitingRow)`SELECT count(*)::int AS waiting FROM outbox`)).waiting;
