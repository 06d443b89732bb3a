import { MESSAGE_KINDS, type InboxMessage } from '@florin/contracts';
import { placeOf, sql, type PagePosition } from '@florin/postgres';
import { z } from 'zod';
import type { MessageDraft } from '../domain/inbox-messages.ts';
import type { Queries } from './queries.ts';

const row = z.object({
  id: z.string(),
  kind: z.enum(MESSAGE_KINDS),
  facts: z.record(z.string(), z.string()),
  createdAt: z.date(),
  readAt: z.date().nullable(),
});

export const messageView = ({
  createdAt,
  readAt,
  ...message
}: z.infer<typeof row>): InboxMessage => ({
  ...message,
  createdAt: createdAt.toISOString(),
  ...(readAt !== null && { readAt: readAt.toISOString() }),
});

/** Adds messages of kinds that their readers want to hear of, each event once per person. */
export async function insertMessages(
  db: Queries,
  drafts: readonly (MessageDraft & { id: string })[],
  now: Date,
): Promise<void> {
  const rows = drafts.map(({ id, userId, kind, eventId, facts }) => [
    id,
    userId,
    kind,
    eventId,
    JSON.stringify(facts),
  ]);
  await db.query(sql.type(z.object({}))`
    INSERT INTO messages (id, user_id, kind, event_id, facts, created_at)
    SELECT u.id, u.user_id, u.kind, u.event_id, u.facts::jsonb, ${sql.timestamp(now)}
      FROM ${sql.unnest(rows, ['uuid', 'uuid', 'text', 'text', 'text'])}
           AS u (id, user_id, kind, event_id, facts)
      LEFT JOIN preferences p ON p.user_id = u.user_id
     WHERE p.user_id IS NULL OR u.kind <> ALL(p.muted)
    ON CONFLICT (user_id, event_id) DO NOTHING`);
}

export const listMessages = (
  db: Queries,
  query: { userId: string; unreadOnly: boolean; limit: number },
  before: PagePosition | undefined,
) =>
  db.any(sql.type(row)`
    SELECT id, kind, facts, created_at AS "createdAt", read_at AS "readAt" FROM messages
     WHERE user_id = ${query.userId} AND (read_at IS NULL OR NOT ${query.unreadOnly})
       AND (created_at, id) < ${placeOf(before)}
     ORDER BY created_at DESC, id DESC LIMIT ${query.limit}`);

export async function markRead(
  db: Queries,
  userId: string,
  ids: readonly string[] | undefined,
  now: Date,
): Promise<number> {
  const chosen = ids && sql.fragment`AND id = ANY(${sql.array(ids, 'uuid')})`;
  const { rowCount } = await db.query(sql.type(z.object({}))`
    UPDATE messages SET read_at = ${sql.timestamp(now)}
     WHERE user_id = ${userId} AND read_at IS NULL ${chosen ?? sql.fragment``}`);
  return rowCount;
}

/** Forgets a person: what was told them, and what they wanted to hear. */
export async function forgetPerson(db: Queries, userId: string): Promise<void> {
  await db.query(sql.type(z.object({}))`DELETE FROM messages WHERE user_id = ${userId}`);
  await db.query(sql.type(z.object({}))`DELETE FROM preferences WHERE user_id = ${userId}`);
  await db.query(sql.type(z.object({}))`DELETE FROM webhooks WHERE owner_id = ${userId}`);
  await db.query(sql.type(z.object({}))`DELETE FROM mails WHERE user_id = ${userId}`);
  await db.query(sql.type(z.object({}))`DELETE FROM balance_monitors WHERE owner_id = ${userId}`);
}
