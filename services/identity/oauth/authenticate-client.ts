import { timingSafeEqual } from 'node:crypto';
import { secretHash } from '../adapters/opaque-secret.ts';
import { isClientId } from '../domain/machine-client.ts';
import { findMachineClient, type StoredMachineClient } from '../sql/find-machine-client.ts';
import type { Queries } from '../sql/queries.ts';

/**
 * The client that these credentials are of, or null. One with a secret must show it; a public one
 * has none to show, and what it may do is bound by PKCE and its redirect addresses.
 */
export async function authenticateClient(
  db: Queries,
  { clientId, clientSecret }: { clientId: string; clientSecret?: string | undefined },
): Promise<StoredMachineClient | null> {
  const client = isClientId(clientId) ? await findMachineClient(db, clientId) : null;
  if (client === null) return null;
  if (client.secretHash === null) return clientSecret === undefined ? client : null;
  if (clientSecret === undefined) return null;
  return timingSafeEqual(client.secretHash, secretHash(clientSecret)) ? client : null;
}
