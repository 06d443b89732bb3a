import type { Scope } from '@florin/contracts';
import type { Result } from '@florin/kernel';
import { ok, refuse } from '@florin/kernel';
import { isClientId } from '../domain/machine-client.ts';
import { grantScopes } from '../domain/scopes.ts';
import { findMachineClient, type StoredMachineClient } from '../sql/find-machine-client.ts';
import type { Queries } from '../sql/queries.ts';

export interface PartyRequest {
  clientId: string;
  redirectUri: string;
  scope?: string | undefined;
}

export interface PartyGrant {
  client: StoredMachineClient;
  scopes: Scope[];
}

/**
 * What an application may ask its users for. Its redirect address must be one of those registered,
 * character by character (OAuth 2.1 §4.1.1): anything less hands codes to strangers. What operators
 * do is never lent out.
 */
export async function grantToParty(
  db: Queries,
  { clientId, redirectUri, scope }: PartyRequest,
): Promise<Result<PartyGrant, 'invalid-client' | 'invalid-redirect' | 'invalid-scope'>> {
  const client = isClientId(clientId) ? await findMachineClient(db, clientId) : null;
  if (client === null || client.redirectUris.length === 0) return refuse('invalid-client');
  if (!client.redirectUris.includes(redirectUri)) return refuse('invalid-redirect');
  const lent = client.scopes.filter((one) => one !== 'admin');
  const granted = grantScopes(scope, lent);
  return granted.ok ? ok({ client, scopes: granted.value }) : refuse(granted.error);
}
