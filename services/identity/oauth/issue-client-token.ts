import type { Scope } from '@florin/contracts';
import type { Deps } from '../deps.ts';
import {
  ACCESS_TOKEN_SECONDS,
  claimsOfMachine,
  claimsOfUser,
  type Claims,
} from '../domain/access-token.ts';
import { isApiKey } from '../domain/machine-client.ts';
import { grantScopes } from '../domain/scopes.ts';
import { useApiKey } from '../sql/api-keys.ts';
import type { StoredMachineClient } from '../sql/find-machine-client.ts';
import { findUser } from '../sql/find-user.ts';
import { sessionFacts } from '../sql/session-row.ts';
import { tokenUserOf } from '../token-user.ts';
import type { UseCase } from '../use-case.ts';
import { authenticateClient } from './authenticate-client.ts';

type IssueDeps = Pick<Deps, 'db' | 'clock' | 'settings' | 'accessTokens'>;

/** A key is its owner within the scopes that are granted, as long as its session lives. */
async function claimsOfApiKey(
  { db, clock, settings }: IssueDeps,
  { id, clientId }: StoredMachineClient,
  scopes: readonly Scope[],
): Promise<Claims | undefined> {
  const session = await useApiKey(db, { clientId: id, at: new Date(clock.nowMs()) });
  const user = session === null ? null : await findUser(db, session.userId);
  if (session === null || user === null) return undefined;
  const facts = { ...sessionFacts(session), party: { clientId, scopes } };
  return claimsOfUser(tokenUserOf(user, settings), facts);
}

/**
 * OAuth 2.1 client credentials: an access token for a machine, or for a person's own program by
 * its key. It gets no refresh token.
 */
export function createIssueClientToken(deps: IssueDeps): UseCase<'issueClientToken'> {
  const { db, accessTokens } = deps;
  return async ({ clientId, clientSecret, scope: asked }) => {
    const client = await authenticateClient(db, { clientId, clientSecret });
    // Applications act for their users only, not for themselves.
    if (client === null || client.redirectUris.length > 0) {
      return { ok: false, code: 'invalid-client' };
    }
    const granted = grantScopes(asked, client.scopes);
    if (!granted.ok) return { ok: false, code: granted.error };
    const claims = isApiKey(client.clientId)
      ? await claimsOfApiKey(deps, client, granted.value)
      : claimsOfMachine(client, granted.value);
    if (claims === undefined) return { ok: false, code: 'invalid-client' };
    const sign = await accessTokens();
    const accessToken = await sign(claims);
    return { ok: true, accessToken, expiresIn: ACCESS_TOKEN_SECONDS, scope: claims.scope };
  };
}
