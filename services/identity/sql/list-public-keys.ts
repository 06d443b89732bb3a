import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const publicKeyRow = z.object({ jwk: z.record(z.string(), z.unknown()) });

/**
 * The public parts of the keys that tokens may be signed with, newest first: those that are not
 * retired, or were later than `retiredAfter`. The private part doesn't leave the database here.
 */
export async function listPublicKeys(
  db: Queries,
  retiredAfter: Date,
): Promise<Record<string, unknown>[]> {
  const rows = await db.any(sql.type(publicKeyRow)`
    SELECT private_jwk - 'd' AS jwk FROM signing_keys
    WHERE retired_at IS NULL OR retired_at > ${sql.timestamp(retiredAfter)}
    ORDER BY created_at DESC, kid DESC`);
  return rows.map(({ jwk }) => jwk);
}
