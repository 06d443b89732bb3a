import { sql } from '@florin/postgres';
import type { Queries } from './queries.ts';

/** Ends a family of refresh tokens. Ending it again keeps the first time. */
export async function revokeSession(db: Queries, id: string, at: Date): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE sessions SET revoked_at = ${sql.timestamp(at)} WHERE id = ${id} AND revoked_at IS NULL`);
}
