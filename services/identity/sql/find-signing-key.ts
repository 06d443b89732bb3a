import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const signingKeyRow = z.object({
  kid: z.string(),
  privateSealed: z.instanceof(Buffer),
  createdAt: z.date(),
});
export type StoredSigningKey = z.infer<typeof signingKeyRow>;

/**
 * The key that signs now: the newest one that may, and is not retired. One that was published only
 * just now has to wait, unless it is alone.
 */
export const findSigningKey = (db: Queries, at: Date): Promise<StoredSigningKey | null> =>
  db.maybeOne(sql.type(signingKeyRow)`
    SELECT kid, private_sealed AS "privateSealed", created_at AS "createdAt" FROM signing_keys
    WHERE private_sealed IS NOT NULL
      AND (retired_at IS NULL OR retired_at > ${sql.timestamp(at)})
    ORDER BY coalesce(signs_from, created_at) <= ${sql.timestamp(at)} DESC, created_at DESC,
      kid DESC
    LIMIT 1`);

/** The newest key, whether it signs already or not. */
export const findNewestKey = (db: Queries): Promise<StoredSigningKey | null> =>
  db.maybeOne(sql.type(signingKeyRow)`
    SELECT kid, private_sealed AS "privateSealed", created_at AS "createdAt" FROM signing_keys
    WHERE private_sealed IS NOT NULL AND retired_at IS NULL
    ORDER BY created_at DESC, kid DESC LIMIT 1`);
