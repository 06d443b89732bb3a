import {
  BULK_FILE_STATUSES,
  type BulkCounts,
  type BulkFile,
  type BulkFileStatus,
} from '@florin/contracts';
import { placeOf, sql, type PagePosition } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const row = z.object({
  id: z.string(),
  ownerId: z.string(),
  everyWallet: z.boolean(),
  status: z.enum(BULK_FILE_STATUSES),
  bytes: z.bigint(),
  lines: z.number(),
  pieces: z.number(),
  completed: z.number(),
  held: z.number(),
  failed: z.number(),
  invalid: z.number(),
  createdAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
});
export type BulkFileRow = z.infer<typeof row>;

const columns = sql.fragment`
  id, owner_id AS "ownerId", every_wallet AS "everyWallet", status, bytes, lines, pieces, completed,
  held, failed, invalid, created_at AS "createdAt", started_at AS "startedAt",
  finished_at AS "finishedAt"`;
const nothing = z.object({});

export const fileView = (file: BulkFileRow): BulkFile => {
  const { completed, held, failed, invalid } = file;
  return {
    id: file.id,
    status: file.status,
    bytes: Number(file.bytes),
    lines: file.lines,
    done: completed + held + failed + invalid,
    counts: { completed, held, failed, invalid },
    createdAt: file.createdAt.toISOString(),
    ...(file.startedAt !== null && { startedAt: file.startedAt.toISOString() }),
    ...(file.finishedAt !== null && { finishedAt: file.finishedAt.toISOString() }),
  };
};

const visibleTo = (ownerId: string | null) =>
  ownerId === null ? sql.fragment`` : sql.fragment`AND owner_id = ${ownerId}`;

/** Null where the id is taken, or its owner has as many that are not done as may be. */
export const insertFile = (
  db: Queries,
  file: { id: string; ownerId: string; everyWallet: boolean; now: Date; most: number },
) =>
  db.maybeOne(sql.type(row)`
    INSERT INTO bulk_files (id, owner_id, every_wallet, status, due_at, created_at)
    SELECT ${file.id}, ${file.ownerId}, ${file.everyWallet}, 'uploading',
           ${sql.timestamp(file.now)}, ${sql.timestamp(file.now)}
     WHERE (SELECT count(*) FROM bulk_files
             WHERE owner_id = ${file.ownerId}
               AND status IN ('uploading', 'running', 'paused')) < ${file.most}
    ON CONFLICT (id) DO NOTHING
    RETURNING ${columns}`);

export const findFile = (db: Queries, id: string, ownerId: string | null) =>
  db.maybeOne(sql.type(row)`
    SELECT ${columns} FROM bulk_files WHERE id = ${id} ${visibleTo(ownerId)}`);

export const lockFile = (db: Queries, id: string, ownerId: string | null) =>
  db.maybeOne(sql.type(row)`
    SELECT ${columns} FROM bulk_files WHERE id = ${id} ${visibleTo(ownerId)} FOR UPDATE`);

export const listFiles = (
  db: Queries,
  ownerId: string | null,
  before: PagePosition | undefined,
  limit: number,
) =>
  db.any(sql.type(row)`
    SELECT ${columns} FROM bulk_files
     WHERE (created_at, id) < ${placeOf(before)} ${visibleTo(ownerId)}
     ORDER BY created_at DESC, id DESC LIMIT ${limit}`);

export const startFile = (
  db: Queries,
  {
    id,
    pieces,
    lines,
    bytes,
    now,
  }: Record<'pieces' | 'lines' | 'bytes', number> & {
    id: string;
    now: Date;
  },
) =>
  db.one(sql.type(row)`
    UPDATE bulk_files
       SET status = 'running', pieces = ${pieces}, lines = ${lines}, bytes = ${bytes},
           due_at = ${sql.timestamp(now)}, started_at = ${sql.timestamp(now)}
     WHERE id = ${id} RETURNING ${columns}`);

/** A file that goes on is taken up at once; one that ends says when, and keeps who works on it. */
export const setFileStatus = (
  db: Queries,
  { id, status, now }: { id: string; status: BulkFileStatus; now: Date },
) =>
  db.one(sql.type(row)`
    UPDATE bulk_files
       SET status = ${status},
           due_at = ${status === 'running' ? sql.timestamp(now) : sql.fragment`due_at`},
           finished_at = ${
             status === 'completed' || status === 'cancelled' ? sql.timestamp(now) : null
           }
     WHERE id = ${id} RETURNING ${columns}`);

/**
 * Takes a file that nobody works on, until a moment: one that goes on, or a cancelled one some
 * lines of which were sent by a process that died.
 */
export const claimFile = (db: Queries, now: Date, until: Date) =>
  db.maybeOne(sql.type(row)`
    UPDATE bulk_files SET due_at = ${sql.timestamp(until)}
     WHERE id = (SELECT id FROM bulk_files
                  WHERE due_at <= ${sql.timestamp(now)} AND status IN ('running', 'cancelled')
                    AND id IN (SELECT id FROM bulk_files WHERE status = 'running'
                               UNION ALL
                               SELECT file_id FROM bulk_pieces WHERE begun AND results IS NULL)
                  ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING ${columns}`);

/** Adds to what is done, and renews the claim. Answers whether the file goes on. */
export const addCounts = (
  db: Queries,
  { id, counts, until }: { id: string; counts: BulkCounts; until: Date },
) =>
  db.one(sql.type(row)`
    UPDATE bulk_files
       SET completed = completed + ${counts.completed}, held = held + ${counts.held},
           failed = failed + ${counts.failed}, invalid = invalid + ${counts.invalid},
           due_at = ${sql.timestamp(until)}
     WHERE id = ${id} RETURNING ${columns}`);

const openRow = z.object({ running: z.number(), linesLeft: z.bigint(), idleSeconds: z.number() });

/** Files that go on, of all processes together, and how long no claim of one was renewed. */
export const countRunning = (db: Queries, now: Date) =>
  db.one(sql.type(openRow)`
    SELECT count(*)::int AS running,
           coalesce(sum(lines - completed - held - failed - invalid), 0)::int8 AS "linesLeft",
           coalesce(max(extract(epoch FROM ${sql.timestamp(now)} - due_at)), 0)::float8
             AS "idleSeconds"
      FROM bulk_files WHERE status = 'running'`);

/** Uploads that nobody goes on with, and files that ended long ago. */
export const forgetFiles = (db: Queries, before: { uploads: Date; ended: Date }) =>
  db.query(sql.type(nothing)`
    DELETE FROM bulk_files
     WHERE (status = 'uploading' AND created_at < ${sql.timestamp(before.uploads)})
        OR finished_at < ${sql.timestamp(before.ended)}`);

/** What somebody uploaded, who wants to be forgotten. */
export const forgetFilesOf = (db: Queries, ownerId: string) =>
  db.query(sql.type(nothing)`DELETE FROM bulk_files WHERE owner_id = ${ownerId}`);
