import { webhookDelivery, type WebhookDelivery } from '@florin/contracts';
import { placeOf, sql, type PagePosition } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

export interface NewDelivery {
  id: string;
  webhookId: string;
  eventId: string;
  eventType: string;
  body: string;
}

/** Adds deliveries, each event once per webhook, due at once. */
export async function insertDeliveries(
  db: Queries,
  deliveries: readonly NewDelivery[],
  now: Date,
): Promise<void> {
  const rows = deliveries.map((one) => [
    one.id,
    one.webhookId,
    one.eventId,
    one.eventType,
    one.body,
  ]);
  await db.query(sql.type(z.object({}))`
    INSERT INTO deliveries (id, webhook_id, event_id, event_type, body, state, due_at, created_at)
    SELECT u.id, u.webhook_id, u.event_id, u.event_type, u.body, 'pending',
           ${sql.timestamp(now)}, ${sql.timestamp(now)}
      FROM ${sql.unnest(rows, ['uuid', 'uuid', 'text', 'text', 'text'])}
           AS u (id, webhook_id, event_id, event_type, body)
     -- A webhook may have been deleted meanwhile.
      JOIN webhooks w ON w.id = u.webhook_id
    ON CONFLICT (webhook_id, event_id) DO NOTHING`);
}

const claimed = z.object({
  id: z.string(),
  webhookId: z.string(),
  url: z.string(),
  body: z.string(),
  attempts: z.number(),
  secret: z.instanceof(Uint8Array),
  previousSecret: z.instanceof(Uint8Array).nullable(),
});
export type ClaimedDelivery = z.infer<typeof claimed>;

/**
 * Takes up deliveries that are due, of those webhooks that are not in `busy`, a few of each, so
 * that a receiver that hangs keeps nobody else waiting. The claim is over at `until`: what a
 * process that died had in hand is due again then.
 */
export const claimDeliveries = (
  db: Queries,
  claim: { room: number; perWebhook: number; busy: readonly string[]; now: Date; until: Date },
): Promise<readonly ClaimedDelivery[]> =>
  db.any(sql.type(claimed)`
    WITH due AS (
      SELECT d.id, row_number() OVER (PARTITION BY d.webhook_id ORDER BY d.due_at) AS place
        FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
       WHERE d.state = 'pending' AND d.due_at <= ${sql.timestamp(claim.now)}
         AND w.status = 'active' AND w.id <> ALL(${sql.array(claim.busy, 'uuid')})
    ), picked AS (
      SELECT d.id FROM deliveries d JOIN due USING (id)
       WHERE due.place <= ${claim.perWebhook}
         AND d.state = 'pending' AND d.due_at <= ${sql.timestamp(claim.now)}
       ORDER BY d.due_at LIMIT ${claim.room}
         FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE deliveries d SET due_at = ${sql.timestamp(claim.until)}, attempts = d.attempts + 1
      FROM picked, webhooks w
     WHERE d.id = picked.id AND w.id = d.webhook_id
    RETURNING d.id, d.webhook_id AS "webhookId", w.url, d.body, d.attempts, w.secret,
      CASE WHEN w.previous_until > ${sql.timestamp(claim.now)} THEN w.previous_secret END
        AS "previousSecret"`);

export interface AttemptRecord {
  deliveryId: string;
  attempt: number;
  at: Date;
  durationMs: number;
  status: number | undefined;
  problem: string | undefined;
}

/** Writes down an attempt, and what the delivery is now. */
export async function recordAttempt(
  db: Queries,
  attempt: AttemptRecord,
  next: { state: 'delivered' | 'failed' } | { state: 'pending'; dueAt: Date },
): Promise<void> {
  const deliveredAt = next.state === 'delivered' ? sql.timestamp(attempt.at) : null;
  const dueAt = next.state === 'pending' ? next.dueAt : attempt.at;
  await db.query(sql.type(z.object({}))`
    WITH written AS (
      INSERT INTO delivery_attempts (delivery_id, attempt, at, duration_ms, status, problem)
      SELECT id, ${attempt.attempt}, ${sql.timestamp(attempt.at)}, ${attempt.durationMs},
             ${attempt.status ?? null}, ${attempt.problem ?? null}
        FROM deliveries WHERE id = ${attempt.deliveryId}
      ON CONFLICT DO NOTHING)
    UPDATE deliveries
       SET state = ${next.state}, due_at = ${sql.timestamp(dueAt)}, delivered_at = ${deliveredAt}
     WHERE id = ${attempt.deliveryId} AND state = 'pending'
       AND attempts = ${attempt.attempt}`);
}

const viewed = webhookDelivery.omit({ createdAt: true, nextAttemptAt: true }).extend({
  createdAt: z.date(),
  dueAt: z.date(),
});

const viewColumns = sql.fragment`
  d.id, d.event_id AS "eventId", d.event_type AS "eventType", d.state,
  d.created_at AS "createdAt", d.due_at AS "dueAt",
  coalesce((
    SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
             'attempt', a.attempt, 'durationMs', a.duration_ms, 'status', a.status,
             'problem', a.problem,
             'at', to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
             ORDER BY a.attempt)
      FROM delivery_attempts a WHERE a.delivery_id = d.id), '[]') AS attempts`;

export const deliveryView = ({
  createdAt,
  dueAt,
  ...delivery
}: z.infer<typeof viewed>): WebhookDelivery => ({
  ...delivery,
  createdAt: createdAt.toISOString(),
  ...(delivery.state === 'pending' && { nextAttemptAt: dueAt.toISOString() }),
});

export const listDeliveries = (
  db: Queries,
  webhookId: string,
  before: PagePosition | undefined,
  limit: number,
) =>
  db.any(sql.type(viewed)`
    SELECT ${viewColumns} FROM deliveries d
     WHERE d.webhook_id = ${webhookId}
       AND (d.created_at, d.id) < ${placeOf(before)}
     ORDER BY d.created_at DESC, d.id DESC LIMIT ${limit}`);

/** Makes a delivery due once more, whatever became of it; null when there is none. */
export const resendDelivery = (db: Queries, webhookId: string, deliveryId: string, now: Date) =>
  db.maybeOne(sql.type(viewed)`
    WITH again AS (
      UPDATE deliveries SET state = 'pending', due_at = ${sql.timestamp(now)}, delivered_at = NULL
       WHERE id = ${deliveryId} AND webhook_id = ${webhookId} RETURNING *)
    SELECT ${viewColumns} FROM again d`);

/** Forgets deliveries that are settled and older than this. */
export async function forgetDeliveries(db: Queries, before: Date): Promise<number> {
  const { rowCount } = await db.query(sql.type(z.object({}))`
    DELETE FROM deliveries WHERE state <> 'pending' AND created_at < ${sql.timestamp(before)}`);
  return rowCount;
}
