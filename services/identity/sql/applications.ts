import { SCOPES } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const applicationRow = z.object({
  id: z.string(),
  clientId: z.string(),
  name: z.string(),
  redirectUris: z.array(z.string()),
  scopes: z.array(z.enum(SCOPES)),
  confidential: z.boolean(),
  createdAt: z.date().transform((date) => date.toISOString()),
});
export type StoredApplication = z.infer<typeof applicationRow>;

/** Clients with redirect addresses: the others are machines. Newest first. */
export const listApplications = (db: Queries): Promise<readonly StoredApplication[]> =>
  db.any(sql.type(applicationRow)`
    SELECT id, client_id AS "clientId", name, redirect_uris AS "redirectUris", scopes,
      secret_hash IS NOT NULL AS confidential, created_at AS "createdAt"
    FROM machine_clients WHERE cardinality(redirect_uris) > 0
    ORDER BY created_at DESC, id DESC LIMIT 1000`);

const idRow = z.object({ id: z.string() });

/** Its living sessions: with the application they are deleted, and must end before. */
export async function endSessionsOfApplication(
  db: Queries,
  { id, at }: { id: string; at: Date },
): Promise<string[]> {
  const ended = await db.any(sql.type(idRow)`
    UPDATE sessions SET revoked_at = ${sql.timestamp(at)}
    WHERE client_id = ${id} AND revoked_at IS NULL RETURNING id`);
  return ended.map((session) => session.id);
}

/** False when there is none of that id. Machines are not removed here: they own wallets. */
export async function deleteApplication(db: Queries, id: string): Promise<boolean> {
  const deleted = await db.maybeOne(sql.type(idRow)`
    DELETE FROM machine_clients WHERE id = ${id} AND cardinality(redirect_uris) > 0
    RETURNING id`);
  return deleted !== null;
}
