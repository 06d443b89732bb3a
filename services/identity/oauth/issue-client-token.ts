import { timingSafeEqual } from 'node:crypto';
import type { AccessTokenIssuer } from './adapters/access-token-issuer.ts';
import { secretHash } from './adapters/opaque-secret.ts';
import { ACCESS_TOKEN_SECONDS, claimsOfMachine } from './domain/access-token.ts';
import { isClientId } from './domain/machine-client.ts';
import { grantScopes } from './domain/scopes.ts';
import { findMachineClient } from './sql/find-machine-client.ts';
import type { Queries } from './sql/queries.ts';
import type { UseCase } from './use-case.ts';

/** OAuth 2.1 client credentials: an access token for a machine. It gets no refresh token. */
export function createIssueClientToken(deps: {
  db: Queries;
  accessTokens: AccessTokenIssuer;
}): UseCase<'issueClientToken'> {
  const { db, accessTokens } = deps;
  return async ({ clientId, clientSecret, scope: asked }) => {
    const client = isClientId(clientId) ? await findMachineClient(db, clientId) : null;
    if (client === null || !timingSafeEqual(client.secretHash, secretHash(clientSecret))) {
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
