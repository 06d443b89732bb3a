import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { BucketPlan } from '../domain/token-bucket.ts';
import type { Queries } from './queries.ts';

const bucketRow = z.object({ fullAt: z.date() });

const msAfter = (at: Date, ms: number) => sql.timestamp(new Date(at.getTime() + ms));

/**
 * Takes a try before anything is checked, so that attempts at the same time can't share one.
 * Answers 0, or the milliseconds until there is a try again.
 */
export async function takeTry(
  db: Queries,
  key: Buffer,
  { capacity, refillMs }: BucketPlan,
  at: Date,
): Promise<number> {
  const taken = await db.maybeOne(sql.type(bucketRow)`
    INSERT INTO sign_in_buckets AS b (key, full_at)
    VALUES (${sql.binary(key)}, ${msAfter(at, refillMs)})
    ON CONFLICT (key) DO UPDATE SET
      full_at = greatest(b.full_at, ${sql.timestamp(at)})
        + ${refillMs}::float8 * interval '1 millisecond'
    WHERE b.full_at <= ${msAfter(at, (capacity - 1) * refillMs)}
    RETURNING full_at AS "fullAt"`);
  if (taken !== null) return 0;
  const bucket = await db.maybeOne(sql.type(bucketRow)`
    SELECT full_at AS "fullAt" FROM sign_in_buckets WHERE key = ${sql.binary(key)}`);
  const fullAtMs = bucket?.fullAt.getTime() ?? at.getTime();
  return Math.max(1, fullAtMs - at.getTime() - (capacity - 1) * refillMs);
}

/** Gives a try back: it was no guess. */
export async function returnTry(db: Queries, key: Buffer, { refillMs }: BucketPlan): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE sign_in_buckets SET full_at = full_at - ${refillMs}::float8 * interval '1 millisecond'
    WHERE key = ${sql.binary(key)}`);
}

export async function deleteFullBuckets(db: Queries, at: Date): Promise<void> {
  await db.query(sql.unsafe`DELETE FROM sign_in_buckets WHERE full_at <= ${sql.timestamp(at)}`);
}
