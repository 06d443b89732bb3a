import type { Scope } from '@florin/contracts';
import { sql } from '@florin/postgres';
import type { Plan } from '../domain/machine-client.ts';
import type { Queries } from './queries.ts';

export interface NewMachineClient {
  id: string;
  clientId: string;
  /** Public clients have none. */
  secretHash: Buffer | null;
  redirectUris: readonly string[];
  name: string;
  scopes: readonly Scope[];
  plan: Plan;
  createdAt: Date;
}

/** Adds a machine client, or gives the one of that name these properties. It keeps its id. */
export async function upsertMachineClient(db: Queries, client: NewMachineClient): Promise<void> {
  const secret = client.secretHash === null ? null : sql.binary(client.secretHash);
  await db.query(sql.unsafe`
    INSERT INTO machine_clients
      (id, client_id, secret_hash, name, redirect_uris, scopes, plan, created_at)
    VALUES (${client.id}, ${client.clientId}, ${secret}, ${client.name},
      ${sql.array(client.redirectUris, 'text')}, ${sql.array(client.scopes, 'text')},
      ${client.plan}, ${sql.timestamp(client.createdAt)})
    ON CONFLICT (client_id) DO UPDATE SET secret_hash = excluded.secret_hash,
      name = excluded.name, redirect_uris = excluded.redirect_uris, scopes = excluded.scopes,
      plan = excluded.plan`);
}
