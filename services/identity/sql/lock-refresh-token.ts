import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';
import { sessionColumns, sessionRow, type StoredSession } from './session-row.ts';

const refreshTokenRow = sessionRow.extend({ usedAt: z.date().nullable() });
export type LockedRefreshToken = StoredSession & { usedAt: Date | null };

/**
 * A refresh token with its session. Both rows are locked until the database transaction ends:
 * whoever comes second with the same token waits here, and then reads that it was used.
 */
export const lockRefreshToken = (db: Queries, hash: Buffer): Promise<LockedRefreshToken | null> =>
  db.maybeOne(sql.type(refreshTokenRow)`
    SELECT ${sessionColumns}, t.used_at AS "usedAt"
    FROM sessions s
      JOIN refresh_tokens t ON t.session_id = s.id
      LEFT JOIN machine_clients c ON c.id = s.client_id
    WHERE t.hash = ${sql.binary(hash)}
    FOR UPDATE OF s, t`);
