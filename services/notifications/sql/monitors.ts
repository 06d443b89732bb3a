import type { BalanceMonitor } from '@florin/contracts';
import { placeOf, sql, type PagePosition } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const row = z.object({
  id: z.string(),
  ownerId: z.string(),
  walletId: z.string(),
  direction: z.enum(['below', 'above']),
  threshold: z.bigint(),
  since: z.date(),
  createdAt: z.date(),
  lastCrossedAt: z.date().nullable(),
});
export type MonitorRow = z.infer<typeof row>;

const columns = sql.fragment`
  id, owner_id AS "ownerId", wallet_id AS "walletId", direction, threshold, since,
  created_at AS "createdAt", last_crossed_at AS "lastCrossedAt"`;

export const monitorView = (monitor: MonitorRow): BalanceMonitor => ({
  id: monitor.id,
  walletId: monitor.walletId,
  direction: monitor.direction,
  threshold: String(monitor.threshold),
  createdAt: monitor.createdAt.toISOString(),
  ...(monitor.lastCrossedAt !== null && { lastCrossedAt: monitor.lastCrossedAt.toISOString() }),
});

interface NewMonitor {
  id: string;
  ownerId: string;
  walletId: string;
  direction: MonitorRow['direction'];
  threshold: string;
}

/** Adds a monitor unless its owner has as many as may be: null then. */
export const insertMonitor = (db: Queries, one: NewMonitor, most: number, now: Date) =>
  db.maybeOne(sql.type(row)`
    INSERT INTO balance_monitors (id, owner_id, wallet_id, direction, threshold, created_at, since)
    SELECT ${one.id}, ${one.ownerId}, ${one.walletId}, ${one.direction},
           ${one.threshold}::bigint, ${sql.timestamp(now)}, ${sql.timestamp(now)}
     WHERE (SELECT count(*) FROM balance_monitors WHERE owner_id = ${one.ownerId}) < ${most}
    RETURNING ${columns}`);

export const findMonitor = (db: Queries, ownerId: string, id: string) =>
  db.maybeOne(sql.type(row)`
    SELECT ${columns} FROM balance_monitors WHERE id = ${id} AND owner_id = ${ownerId}`);

export const listMonitors = (
  db: Queries,
  ownerId: string,
  before: PagePosition | undefined,
  limit: number,
) =>
  db.any(sql.type(row)`
    SELECT ${columns} FROM balance_monitors
     WHERE owner_id = ${ownerId} AND (created_at, id) < ${placeOf(before)}
     ORDER BY created_at DESC, id DESC LIMIT ${limit}`);

/** Moves the line. What crossed it before does not count. */
export const changeMonitor = (
  db: Queries,
  ownerId: string,
  id: string,
  change: { direction?: MonitorRow['direction'] | undefined; threshold?: string | undefined },
  now: Date,
) =>
  db.maybeOne(sql.type(row)`
    UPDATE balance_monitors
       SET direction = coalesce(${change.direction ?? null}, direction),
           threshold = coalesce(${change.threshold ?? null}::bigint, threshold),
           since = ${sql.timestamp(now)}
     WHERE id = ${id} AND owner_id = ${ownerId} RETURNING ${columns}`);

export async function deleteMonitor(db: Queries, ownerId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query(sql.type(z.object({}))`
    DELETE FROM balance_monitors WHERE id = ${id} AND owner_id = ${ownerId}`);
  return rowCount > 0;
}

export const monitorsOf = (db: Queries, walletIds: readonly string[]) =>
  db.any(sql.type(row)`
    SELECT ${columns} FROM balance_monitors
     WHERE wallet_id = ANY(${sql.array([...new Set(walletIds)], 'uuid')})`);

export const noteCrossing = (db: Queries, id: string, time: string) =>
  db.query(sql.type(z.object({}))`
    UPDATE balance_monitors
       SET last_crossed_at = greatest(last_crossed_at, ${time}::timestamptz) WHERE id = ${id}`);
