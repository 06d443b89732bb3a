import { sql } from '@florin/postgres';
import type { Queries } from './queries.ts';

/** Part of the database transaction that the event tells of: both are there, or neither is. */
export async function insertOutbox(db: Queries, subject: string, event: object): Promise<void> {
  await db.query(sql.unsafe`
    INSERT INTO outbox (subject, event) VALUES (${subject}, ${JSON.stringify(event)}::jsonb)`);
}
