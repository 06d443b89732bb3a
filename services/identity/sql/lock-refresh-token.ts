import { sql } from '@florin/postgres';
import { z } from 'zod';
import { userColumns, userRow } from './user-row.ts';
import type { Queries } from './queries.ts';

const refreshTokenRow = z
  .object({
    sessionId: z.string(),
    usedAt: z.date().nullable(),
    sessionExpiresAt: z.date(),
    sessionRevokedAt: z.date().nullable(),
  })
  .and(userRow)
  .transform(({ sessionId, usedAt, sessionExpiresAt, sessionRevokedAt, ...user }) => ({
    sessionId,
    usedAt,
    sessionExpiresAt,
    sessionRevokedAt,
    user,
  }));
export type LockedRefreshToken = z.infer<typeof refreshTokenRow>;

/**
 * A refresh token with its session and user. Both rows are locked until the database transaction
 * ends: whoever comes second with the same token waits here, and then reads that it was used.
 */
export const lockRefreshToken = (db: Queries, hash: Buffer): Promise<LockedRefreshToken | null> =>
  db.maybeOne(sql.type(refreshTokenRow)`
    SELECT s.id AS "sessionId", t.used_at AS "usedAt", s.expires_at AS "sessionExpiresAt",
      s.revoked_at AS "sessionRevokedAt", ${userColumns}
    FROM sessions s
      JOIN refresh_tokens t ON t.session_id = s.id
      JOIN users u ON u.id = s.user_id
    WHERE t.hash = ${sql.binary(hash)}
    FOR UPDATE OF s, t`);
