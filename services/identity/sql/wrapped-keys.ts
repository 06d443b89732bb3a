import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const userKeyRow = z.object({ userId: z.string(), wrapped: z.instanceof(Buffer) });
const signingKeyRow = z.object({ kid: z.string(), wrapped: z.instanceof(Buffer) });

/** In the order of ids. Locked: a key that is destroyed meanwhile must not come back. */
export const listWrappedUserKeys = (
  db: Queries,
  { after, limit }: { after: string; limit: number },
): Promise<readonly z.infer<typeof userKeyRow>[]> =>
  db.any(sql.type(userKeyRow)`
    SELECT user_id AS "userId", wrapped FROM user_keys WHERE user_id > ${after}
    ORDER BY user_id LIMIT ${limit} FOR UPDATE`);

export async function storeWrappedUserKey(
  db: Queries,
  { userId, wrapped }: { userId: string; wrapped: Buffer },
): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE user_keys SET wrapped = ${sql.binary(wrapped)} WHERE user_id = ${userId}`);
}

export const listWrappedSigningKeys = (
  db: Queries,
): Promise<readonly z.infer<typeof signingKeyRow>[]> =>
  db.any(sql.type(signingKeyRow)`
    SELECT kid, private_sealed AS wrapped FROM signing_keys WHERE private_sealed IS NOT NULL`);

export async function storeWrappedSigningKey(
  db: Queries,
  { kid, wrapped }: { kid: string; wrapped: Buffer },
): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE signing_keys SET private_sealed = ${sql.binary(wrapped)} WHERE kid = ${kid}`);
}
