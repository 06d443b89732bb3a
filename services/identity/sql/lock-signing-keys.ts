import { sql } from '@florin/postgres';
import type { Queries } from './queries.ts';

/** Lets one instance at a time look for a key and create it, until its database transaction ends. */
export async function lockSigningKeys(db: Queries): Promise<void> {
  await db.query(sql.unsafe`SELECT pg_advisory_xact_lock(hashtext('signing-keys'))::text`);
}
