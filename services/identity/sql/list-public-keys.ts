import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const publicKeyRow = z.object({ jwk: z.record(z.string(), z.unknown()) });

/**
 * The public parts of the keys that tokens may be signed with, newest first: those that are not
 * retired, or were later than `retiredAfter`. Private parts stay where they are.
 */
export async function listPublicKeys(
  db: Queries,
  retiredAfter: Date,
): Promise<Record<string, unknown>[]> {
  const rows = await db.any(sql.type(publicKeyRow)`
    SELECT public_jwk AS jwk FROM signing_keys
    WHERE public_jwk IS NOT NULL
      AND (retired_at IS NULL OR retired_at > ${sql.timestamp(retiredAfter)})
    ORDER BY created_at DESC, kid DESC`);
  return rows.map(({ jwk }) => jwk);
}
