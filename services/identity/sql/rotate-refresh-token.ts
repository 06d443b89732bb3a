import { sql } from '@florin/postgres';
import type { Queries } from './queries.ts';

/** The old token of a family dies and the next one is born. The caller holds both locks. */
export async function rotateRefreshToken(
  db: Queries,
  rotation: { oldHash: Buffer; newHash: Buffer; at: Date },
): Promise<void> {
  const at = sql.timestamp(rotation.at);
  await db.query(sql.unsafe`
    WITH used AS (
      UPDATE refresh_tokens SET used_at = ${at}
      WHERE hash = ${sql.binary(rotation.oldHash)}
      RETURNING session_id),
    touched AS (
      UPDATE sessions SET last_used_at = ${at} WHERE id IN (SELECT session_id FROM used))
    INSERT INTO refresh_tokens (hash, session_id, created_at)
    SELECT ${sql.binary(rotation.newHash)}, session_id, ${at} FROM used`);
}
