import { SCOPES } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import { PLANS } from '../domain/machine-client.ts';
import type { Queries } from './queries.ts';

const machineClientRow = z.object({
  id: z.string(),
  clientId: z.string(),
  name: z.string(),
  secretHash: z.instanceof(Buffer).nullable(),
  redirectUris: z.array(z.string()),
  scopes: z.array(z.enum(SCOPES)),
  plan: z.enum(PLANS),
});
export type StoredMachineClient = z.infer<typeof machineClientRow>;

export const findMachineClient = (
  db: Queries,
  clientId: string,
): Promise<StoredMachineClient | null> =>
  db.maybeOne(sql.type(machineClientRow)`
    SELECT id, client_id AS "clientId", name, secret_hash AS "secretHash",
      redirect_uris AS "redirectUris", scopes, plan
    FROM machine_clients WHERE client_id = ${clientId}`);
