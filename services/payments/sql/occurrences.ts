import {
  currency,
  metadata,
  OCCURRENCE_STATUSES,
  scheduledOccurrence,
  type ScheduledOccurrence,
} from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

export interface NewOccurrence {
  number: number;
  plannedForMs: number;
  status: 'due' | 'missed';
  transactionId: string;
}

/** An occurrence that is there already stays as it is. */
export async function insertOccurrences(
  db: Queries,
  plan: { id: string; amount: bigint; description: string | null },
  occurrences: readonly NewOccurrence[],
): Promise<void> {
  const rows = occurrences.map(({ number, plannedForMs, status, transactionId }) => [
    number,
    new Date(plannedForMs).toISOString(),
    status,
    transactionId,
  ]);
  await db.query(sql.type(z.object({}))`
    INSERT INTO occurrences (schedule_id, number, planned_for, status, attempt, transaction_id,
                             amount, description, due_at)
    SELECT ${plan.id}, o.number, o.planned_for::timestamptz, o.status, 1, o.transaction_id,
           ${plan.amount.toString()}::bigint, ${plan.description}, o.planned_for::timestamptz
      FROM ${sql.unnest(rows, ['int4', 'text', 'text', 'uuid'])}
           AS o (number, planned_for, status, transaction_id)
    ON CONFLICT (schedule_id, number) DO NOTHING`);
}

const claimed = z.object({
  scheduleId: z.string(),
  number: z.number(),
  transactionId: z.string(),
  clientId: z.string(),
  walletId: z.string(),
  toWalletId: z.string(),
  amount: z.bigint(),
  currency: currency,
  description: z.string().nullable(),
  metadata: metadata.nullable(),
  plannedFor: z.date(),
});
export type ClaimedOccurrence = z.infer<typeof claimed>;

/**
 * Takes what is to be sent now, until a moment: then it is sent again by whoever is there. What may
 * have been sent before is sent again though its plan was paused or cancelled since, because the
 * ledger may have decided it.
 */
export const claimOccurrences = (
  db: Queries,
  { room, now, until }: { room: number; now: Date; until: Date },
) =>
  db.any(sql.type(claimed)`
    WITH due AS (
      SELECT o.schedule_id, o.number
        FROM occurrences o JOIN schedules s ON s.id = o.schedule_id
       WHERE o.status IN ('due', 'submitted') AND o.due_at <= ${sql.timestamp(now)}
         AND (o.status = 'submitted' OR s.status IN ('active', 'finished'))
       ORDER BY o.due_at LIMIT ${room}
       FOR UPDATE OF o SKIP LOCKED)
    UPDATE occurrences o SET status = 'submitted', due_at = ${sql.timestamp(until)}
      FROM due JOIN schedules s ON s.id = due.schedule_id
     WHERE o.schedule_id = due.schedule_id AND o.number = due.number
    RETURNING o.schedule_id AS "scheduleId", o.number, o.transaction_id AS "transactionId",
              s.created_by AS "clientId", s.wallet_id AS "walletId",
              s.to_wallet_id AS "toWalletId", o.amount, s.currency, o.description, s.metadata,
              o.planned_for AS "plannedFor"`);

const open = z.object({
  scheduleId: z.string(),
  ownerId: z.string(),
  number: z.number(),
  plannedFor: z.date(),
  status: z.enum(OCCURRENCE_STATUSES),
  attempt: z.number(),
  transactionId: z.string(),
  amount: z.bigint(),
  currency: currency,
  retries: z.number(),
  everySeconds: z.number(),
});
export type OpenOccurrenceRow = z.infer<typeof open>;

/** The occurrences behind transactions; nobody changes them meanwhile. */
export const lockOccurrences = (db: Queries, transactionIds: readonly string[]) =>
  db.any(sql.type(open)`
    SELECT o.schedule_id AS "scheduleId", s.owner_id AS "ownerId", o.number,
           o.planned_for AS "plannedFor", o.status, o.attempt, o.transaction_id AS "transactionId",
           o.amount, s.currency, s.retries, s.every_seconds AS "everySeconds"
      FROM occurrences o JOIN schedules s ON s.id = o.schedule_id
     WHERE o.transaction_id = ANY(${sql.array(transactionIds, 'uuid')})
     ORDER BY o.schedule_id, o.number FOR UPDATE OF o`);

export interface OccurrenceChange {
  scheduleId: string;
  number: number;
  status: ScheduledOccurrence['status'];
  /** Of another try. */
  next?: { attempt: number; transactionId: string; dueAt: Date } | undefined;
  failure?: ScheduledOccurrence['failures'][number] | undefined;
}

export async function saveOccurrence(db: Queries, change: OccurrenceChange): Promise<void> {
  const { scheduleId, number, status, next, failure } = change;
  const again =
    next &&
    sql.fragment`, attempt = ${next.attempt},
    transaction_id = ${next.transactionId}, due_at = ${sql.timestamp(next.dueAt)}`;
  const failed =
    failure &&
    sql.fragment`,
    failures = failures || ${JSON.stringify([failure])}::jsonb`;
  await db.query(sql.type(z.object({}))`
    UPDATE occurrences SET status = ${status} ${again ?? sql.fragment``} ${failed ?? sql.fragment``}
     WHERE schedule_id = ${scheduleId} AND number = ${number}`);
}

/** What was not sent yet will not be. */
export const cancelDueOccurrences = (db: Queries, scheduleId: string) =>
  db.query(sql.type(z.object({}))`
    UPDATE occurrences SET status = 'cancelled'
     WHERE schedule_id = ${scheduleId} AND status = 'due'`);

const listed = z.object({
  number: z.number(),
  plannedFor: z.date(),
  status: z.enum(OCCURRENCE_STATUSES),
  attempt: z.number(),
  transactionId: z.string(),
  dueAt: z.date(),
  failures: scheduledOccurrence.shape.failures,
});

export const occurrenceView = (stored: z.infer<typeof listed>): ScheduledOccurrence => ({
  number: stored.number,
  plannedFor: stored.plannedFor.toISOString(),
  status: stored.status,
  ...(['submitted', 'held', 'completed', 'refused'].includes(stored.status) && {
    transactionId: stored.transactionId,
  }),
  ...(stored.status === 'due' && { nextTryAt: stored.dueAt.toISOString() }),
  failures: stored.failures,
});

/** The latest first, from below a number on. */
export const listOccurrences = (
  db: Queries,
  scheduleId: string,
  { below, limit }: { below: number; limit: number },
) =>
  db.any(sql.type(listed)`
    SELECT number, planned_for AS "plannedFor", status, attempt, transaction_id AS "transactionId",
           due_at AS "dueAt", failures
      FROM occurrences WHERE schedule_id = ${scheduleId} AND number < ${below}
     ORDER BY number DESC LIMIT ${limit}`);

const overdue = z.object({ seconds: z.number() });

/** How late the latest is that should have been sent and was not answered, in seconds. */
export const secondsOverdue = async (db: Queries, now: Date): Promise<number> =>
  (
    await db.one(sql.type(overdue)`
      SELECT coalesce(max(extract(epoch FROM ${sql.timestamp(now)} - o.planned_for)), 0)::float8
             AS seconds
        FROM occurrences o JOIN schedules s ON s.id = o.schedule_id
       WHERE o.attempt = 1
         AND (o.status = 'submitted' OR (o.status = 'due' AND s.status IN ('active', 'finished')))
         AND o.planned_for <= ${sql.timestamp(now)}`)
  ).seconds;
