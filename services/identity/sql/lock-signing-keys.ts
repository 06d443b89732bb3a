import { sql } from '@florin/postgres';
import type { Queries } from './queries.ts';

/** Until the database transaction ends, only this instance looks for a key or creates one. */
export async function lockSigningKeys(db: Queries): Promise<void> {
  await db.query(sql.unsafe`SELECT pg_advisory_xact_lock(hashtext('signing-keys'))::text`);
}
