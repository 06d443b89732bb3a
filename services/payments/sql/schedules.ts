import {
  currency,
  metadata,
  ON_MISSED,
  recurrenceRule,
  SCHEDULE_STATUSES,
  type OnRefusal,
  type RecurrenceRule,
  type ScheduledTransfer,
  type ScheduleStatus,
} from '@florin/contracts';
import { placeOf, sql, type PagePosition } from '@florin/postgres';
import { z } from 'zod';
import type { PlannedMoment } from '../domain/recurrence.ts';
import type { Queries } from './queries.ts';

const row = z.object({
  id: z.string(),
  ownerId: z.string(),
  createdBy: z.string(),
  fingerprint: z.string(),
  walletId: z.string(),
  toWalletId: z.string(),
  amount: z.bigint(),
  currency: currency,
  description: z.string().nullable(),
  metadata: metadata.nullable(),
  rule: recurrenceRule,
  retries: z.number(),
  everySeconds: z.number(),
  onMissed: z.enum(ON_MISSED),
  status: z.enum(SCHEDULE_STATUSES),
  nextNumber: z.number().nullable(),
  nextAt: z.date().nullable(),
  createdAt: z.date(),
});
export type ScheduleRow = z.infer<typeof row>;

const columns = sql.fragment`
  id, owner_id AS "ownerId", created_by AS "createdBy", fingerprint, wallet_id AS "walletId",
  to_wallet_id AS "toWalletId", amount, currency, description, metadata, rule, retries,
  every_seconds AS "everySeconds", on_missed AS "onMissed", status, next_number AS "nextNumber",
  next_at AS "nextAt", created_at AS "createdAt"`;

/** Without what was not said: JSON keeps no undefined. */
const viewOfRule = ({ endDate, count, ...rule }: RecurrenceRule) => ({
  ...rule,
  ...(endDate !== undefined && { endDate }),
  ...(count !== undefined && { count }),
});

export const scheduleView = (stored: ScheduleRow): ScheduledTransfer => ({
  id: stored.id,
  fromWalletId: stored.walletId,
  toWalletId: stored.toWalletId,
  amount: stored.amount.toString(),
  currency: stored.currency,
  ...(stored.description !== null && { description: stored.description }),
  ...(stored.metadata !== null && { metadata: stored.metadata }),
  schedule: viewOfRule(stored.rule),
  onRefusal: { retries: stored.retries, everySeconds: stored.everySeconds },
  onMissed: stored.onMissed,
  status: stored.status,
  ...(stored.status === 'active' &&
    stored.nextAt !== null &&
    stored.nextNumber !== null && {
      nextAt: stored.nextAt.toISOString(),
      nextOccurrence: stored.nextNumber,
    }),
  createdAt: stored.createdAt.toISOString(),
});

export interface NewSchedule {
  id: string;
  ownerId: string;
  createdBy: string;
  fingerprint: string;
  walletId: string;
  toWalletId: string;
  amount: string;
  currency: string;
  description?: string | undefined;
  metadata?: Record<string, string> | undefined;
  schedule: RecurrenceRule;
  onRefusal: OnRefusal;
  onMissed: ScheduledTransfer['onMissed'];
}

const jsonOrNull = (value: object | undefined) =>
  value === undefined ? sql.fragment`NULL` : sql.fragment`${JSON.stringify(value)}::jsonb`;

/** Null where the id is taken, or its owner has as many plans that go on as may be. */
export const insertSchedule = (
  db: Queries,
  plan: NewSchedule,
  { next, now, most }: { next: PlannedMoment; now: Date; most: number },
) =>
  db.maybeOne(sql.type(row)`
    INSERT INTO schedules (id, owner_id, created_by, fingerprint, wallet_id, to_wallet_id, amount,
                           currency, description, metadata, rule, retries, every_seconds,
                           on_missed, status, next_number, next_at, created_at)
    SELECT ${plan.id}, ${plan.ownerId}, ${plan.createdBy}, ${plan.fingerprint}, ${plan.walletId},
           ${plan.toWalletId}, ${plan.amount}::bigint, ${plan.currency},
           ${plan.description ?? null}, ${jsonOrNull(plan.metadata)},
           ${JSON.stringify(plan.schedule)}::jsonb, ${plan.onRefusal.retries},
           ${plan.onRefusal.everySeconds}, ${plan.onMissed}, 'active', ${next.number},
           ${sql.timestamp(new Date(next.atMs))}, ${sql.timestamp(now)}
     WHERE (SELECT count(*) FROM schedules
             WHERE owner_id = ${plan.ownerId} AND status IN ('active', 'paused')) < ${most}
    ON CONFLICT (id) DO NOTHING
    RETURNING ${columns}`);

const ownedBy = (ownerId: string | null) =>
  ownerId === null ? sql.fragment`` : sql.fragment`AND owner_id = ${ownerId}`;

export const findSchedule = (db: Queries, id: string, ownerId: string | null) =>
  db.maybeOne(sql.type(row)`SELECT ${columns} FROM schedules WHERE id = ${id} ${ownedBy(ownerId)}`);

/** Nobody plans or changes it meanwhile. */
export const lockSchedule = (db: Queries, id: string, ownerId: string | null) =>
  db.maybeOne(sql.type(row)`
    SELECT ${columns} FROM schedules WHERE id = ${id} ${ownedBy(ownerId)} FOR UPDATE`);

export const listSchedules = (
  db: Queries,
  query: {
    ownerId: string | null;
    status?: ScheduleStatus | undefined;
    walletId?: string | undefined;
    limit: number;
  },
  before: PagePosition | undefined,
) =>
  db.any(sql.type(row)`
    SELECT ${columns} FROM schedules
     WHERE (created_at, id) < ${placeOf(before)} ${ownedBy(query.ownerId)}
       ${query.status === undefined ? sql.fragment`` : sql.fragment`AND status = ${query.status}`}
       ${
         query.walletId === undefined
           ? sql.fragment``
           : sql.fragment`AND (wallet_id = ${query.walletId} OR to_wallet_id = ${query.walletId})`
       }
     ORDER BY created_at DESC, id DESC LIMIT ${query.limit}`);

/** Plans whose next time has come. What another process plans just now is skipped. */
export const takeDueSchedules = (db: Queries, now: Date, limit: number) =>
  db.any(sql.type(row)`
    SELECT ${columns} FROM schedules
     WHERE status = 'active' AND next_at <= ${sql.timestamp(now)}
     ORDER BY next_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`);

/** Where a plan goes on, and how. */
export const saveProgress = (
  db: Queries,
  id: string,
  { status, next }: { status: ScheduleStatus; next: PlannedMoment | undefined },
) =>
  db.one(sql.type(row)`
    UPDATE schedules
       SET status = ${status}, next_number = ${next?.number ?? null},
           next_at = ${next === undefined ? null : sql.timestamp(new Date(next.atMs))}
     WHERE id = ${id} RETURNING ${columns}`);

export const saveChange = (
  db: Queries,
  id: string,
  to: Pick<
    ScheduleRow,
    'amount' | 'description' | 'rule' | 'retries' | 'everySeconds' | 'onMissed'
  >,
) =>
  db.query(sql.type(z.object({}))`
    UPDATE schedules
       SET amount = ${to.amount.toString()}::bigint, description = ${to.description},
           rule = ${JSON.stringify(to.rule)}::jsonb, retries = ${to.retries},
           every_seconds = ${to.everySeconds}, on_missed = ${to.onMissed}
     WHERE id = ${id}`);

/** Ends the plans of somebody who wants to be forgotten, and forgets what they wrote. */
export async function forgetSchedules(db: Queries, ownerId: string): Promise<void> {
  await db.query(sql.type(z.object({}))`
    UPDATE occurrences SET status = 'cancelled'
     WHERE status = 'due'
       AND schedule_id IN (SELECT id FROM schedules WHERE owner_id = ${ownerId})`);
  await db.query(sql.type(z.object({}))`
    UPDATE schedules
       SET status = CASE WHEN status = 'finished' THEN status ELSE 'cancelled' END,
           description = NULL, metadata = NULL
     WHERE owner_id = ${ownerId}`);
}
