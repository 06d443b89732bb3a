import type { Scope } from '@florin/contracts';
import { sql } from '@florin/postgres';
import type { Plan } from '../domain/machine-client.ts';
import type { Queries } from './queries.ts';

export interface NewMachineClient {
  id: string;
  clientId: string;
  secretHash: Buffer;
  name: string;
  scopes: readonly Scope[];
  plan: Plan;
  createdAt: Date;
}

/** Adds a machine client, or gives the one of that name these properties. It keeps its id. */
export async function upsertMachineClient(db: Queries, client: NewMachineClient): Promise<void> {
  await db.query(sql.unsafe`
    INSERT INTO machine_clients (id, client_id, secret_hash, name, scopes, plan, created_at)
    VALUES (${client.id}, ${client.clientId}, ${sql.binary(client.secretHash)}, ${client.name},
      ${sql.array(client.scopes, 'text')}, ${client.plan}, ${sql.timestamp(client.createdAt)})
    ON CONFLICT (client_id) DO UPDATE SET secret_hash = excluded.secret_hash,
      name = excluded.name, scopes = excluded.scopes, plan = excluded.plan`);
}
