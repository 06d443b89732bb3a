import { sql } from '@florin/postgres';
import type { Queries } from './queries.ts';

/** Ends the family that a refresh token, dead or alive, belongs to. An unknown one ends nothing. */
export async function revokeSessionOfToken(db: Queries, hash: Buffer, at: Date): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE sessions s SET revoked_at = ${sql.timestamp(at)}
    FROM refresh_tokens t
    WHERE t.hash = ${sql.binary(hash)} AND s.id = t.session_id AND s.revoked_at IS NULL`);
}
