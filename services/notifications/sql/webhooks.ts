import type { Webhook } from '@florin/contracts';
import { placeOf, sql, type PagePosition } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const row = z.object({
  id: z.string(),
  ownerId: z.string(),
  url: z.string(),
  description: z.string().nullable(),
  eventTypes: z.array(z.string()),
  status: z.enum(['active', 'disabled']),
  disabledReason: z.string().nullable(),
  createdAt: z.date(),
});
export type WebhookRow = z.infer<typeof row>;

const columns = sql.fragment`
  id, owner_id AS "ownerId", url, description, event_types AS "eventTypes", status,
  disabled_reason AS "disabledReason", created_at AS "createdAt"`;

export const webhookView = (stored: WebhookRow): Webhook => ({
  id: stored.id,
  url: stored.url,
  ...(stored.description !== null && { description: stored.description }),
  eventTypes: stored.eventTypes as Webhook['eventTypes'],
  status: stored.status,
  ...(stored.disabledReason !== null && { disabledReason: stored.disabledReason }),
  createdAt: stored.createdAt.toISOString(),
});

export interface NewWebhook {
  id: string;
  ownerId: string;
  everything: boolean;
  url: string;
  description: string | null;
  eventTypes: readonly string[];
  sealedSecret: Buffer;
  createdAt: Date;
}

/** Adds a webhook unless its owner has as many as may be: null then. */
export const insertWebhook = (
  db: Queries,
  webhook: NewWebhook,
  most: number,
): Promise<WebhookRow | null> =>
  db.maybeOne(sql.type(row)`
    INSERT INTO webhooks (id, owner_id, everything, url, description, event_types, secret, status,
                          created_at)
    SELECT ${webhook.id}, ${webhook.ownerId}, ${webhook.everything}, ${webhook.url},
           ${webhook.description}, ${sql.array(webhook.eventTypes, 'text')},
           ${sql.binary(webhook.sealedSecret)}, 'active', ${sql.timestamp(webhook.createdAt)}
     WHERE (SELECT count(*) FROM webhooks WHERE owner_id = ${webhook.ownerId}) < ${most}
    RETURNING ${columns}`);

/** An owner's webhooks, newest first, from below a position on. */
export const listWebhooks = (
  db: Queries,
  ownerId: string,
  before: PagePosition | undefined,
  limit: number,
): Promise<readonly WebhookRow[]> =>
  db.any(sql.type(row)`
    SELECT ${columns} FROM webhooks
     WHERE owner_id = ${ownerId}
       AND (created_at, id) < ${placeOf(before)}
     ORDER BY created_at DESC, id DESC LIMIT ${limit}`);

export const findWebhook = (db: Queries, ownerId: string, id: string) =>
  db.maybeOne(
    sql.type(row)`SELECT ${columns} FROM webhooks WHERE id = ${id} AND owner_id = ${ownerId}`,
  );

export const setWebhookStatus = (
  db: Queries,
  id: string,
  status: Webhook['status'],
  reason: string | null,
): Promise<WebhookRow | null> =>
  db.maybeOne(sql.type(row)`
    UPDATE webhooks SET status = ${status}, disabled_reason = ${reason}
     WHERE id = ${id} RETURNING ${columns}`);

export async function deleteWebhook(db: Queries, ownerId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    sql.type(z.object({}))`DELETE FROM webhooks WHERE id = ${id} AND owner_id = ${ownerId}`,
  );
  return rowCount > 0;
}

/** Puts a new secret in the place of the old one, which goes on to sign until `previousUntil`. */
export const rotateSecret = (
  db: Queries,
  webhook: { ownerId: string; id: string },
  sealedSecret: Buffer,
  previousUntil: Date,
): Promise<WebhookRow | null> =>
  db.maybeOne(sql.type(row)`
    UPDATE webhooks
       SET previous_secret = secret, previous_until = ${sql.timestamp(previousUntil)},
           secret = ${sql.binary(sealedSecret)}
     WHERE id = ${webhook.id} AND owner_id = ${webhook.ownerId}
    RETURNING ${columns}`);

const wanting = z.object({
  id: z.string(),
  ownerId: z.string(),
  everything: z.boolean(),
  eventTypes: z.array(z.string()),
});
export type WantingWebhook = z.infer<typeof wanting>;

/** The active webhooks of these owners, and of those who hear everything. */
export const webhooksOf = (
  db: Queries,
  ownerIds: readonly string[],
): Promise<readonly WantingWebhook[]> =>
  db.any(sql.type(wanting)`
    SELECT id, owner_id AS "ownerId", everything, event_types AS "eventTypes" FROM webhooks
     WHERE status = 'active' AND (everything OR owner_id = ANY(${sql.array(ownerIds, 'uuid')}))`);
