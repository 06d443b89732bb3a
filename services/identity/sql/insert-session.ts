import { sql } from '@florin/postgres';
import type { Queries } from './queries.ts';

export interface NewSession {
  id: string;
  userId: string;
  refreshTokenHash: Buffer;
  createdAt: Date;
  expiresAt: Date;
}

/** A session with the first refresh token of its family. */
export async function insertSession(db: Queries, session: NewSession): Promise<void> {
  const createdAt = sql.timestamp(session.createdAt);
  await db.query(sql.unsafe`
    WITH session AS (
      INSERT INTO sessions (id, user_id, created_at, expires_at)
      VALUES (${session.id}, ${session.userId}, ${createdAt}, ${sql.timestamp(session.expiresAt)})
      RETURNING id)
    INSERT INTO refresh_tokens (hash, session_id, created_at)
    SELECT ${sql.binary(session.refreshTokenHash)}, id, ${createdAt} FROM session`);
}
