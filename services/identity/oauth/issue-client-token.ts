import type { Deps } from '../deps.ts';
import { ACCESS_TOKEN_SECONDS, claimsOfMachine } from '../domain/access-token.ts';
import { grantScopes } from '../domain/scopes.ts';
import type { UseCase } from '../use-case.ts';
import { authenticateClient } from './authenticate-client.ts';

/** OAuth 2.1 client credentials: an access token for a machine. It gets no refresh token. */
export function createIssueClientToken({
  db,
  accessTokens,
}: Pick<Deps, 'db' | 'accessTokens'>): UseCase<'issueClientToken'> {
  return async ({ clientId, clientSecret, scope: asked }) => {
    const client = await authenticateClient(db, { clientId, clientSecret });
    // Applications act for their users only, not for themselves.
    if (client === null || client.redirectUris.length > 0) {
      return { ok: false, code: 'invalid-client' };
    }
    const granted = grantScopes(asked, client.scopes);
    if (!granted.ok) return { ok: false, code: granted.error };
    const claims = claimsOfMachine(client, granted.value);
    const sign = await accessTokens();
    const accessToken = await sign(claims);
    return { ok: true, accessToken, expiresIn: ACCESS_TOKEN_SECONDS, scope: claims.scope };
  };
}
