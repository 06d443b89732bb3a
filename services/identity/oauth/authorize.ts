import { newRefreshToken, secretHash } from '../adapters/opaque-secret.ts';
import type { Deps } from '../deps.ts';
import { insertAuthorizationCode } from '../sql/authorization-codes.ts';
import { proveIdentity } from '../sign-in/prove-identity.ts';
import type { UseCase } from '../use-case.ts';
import { grantToParty } from './grant-to-party.ts';

/** A code goes from browser to server at once: a minute is more than enough. */
const CODE_LIFETIME_MS = 60_000;

export function createDescribeAuthorization({
  db,
}: Pick<Deps, 'db'>): UseCase<'describeAuthorization'> {
  return async (request) => {
    const granted = await grantToParty(db, request);
    if (!granted.ok) return { ok: false, code: granted.error };
    const { client, scopes } = granted.value;
    return { ok: true, name: client.name, scopes };
  };
}

/**
 * Gives an application a code for a user who proves the identity and agrees, in one step: there is
 * no signed-in browser whose consent could be forged.
 */
export function createAuthorize(deps: Deps): UseCase<'authorize'> {
  const { db, clock } = deps;
  return async ({ clientId, redirectUri, scope, codeChallenge, ...credentials }) => {
    const granted = await grantToParty(db, { clientId, redirectUri, scope });
    if (!granted.ok) return { ok: false, code: granted.error };
    const proven = await proveIdentity(deps, credentials);
    if (!proven.ok) return proven;
    const code = newRefreshToken();
    const nowMs = clock.nowMs();
    const { user, factors } = proven.proof;
    await insertAuthorizationCode(db, {
      hash: secretHash(code),
      clientId: granted.value.client.id,
      userId: user.id,
      redirectUri,
      scopes: granted.value.scopes,
      challenge: codeChallenge,
      factors,
      authenticatedAt: new Date(nowMs),
      expiresAt: new Date(nowMs + CODE_LIFETIME_MS),
    });
    return { ok: true, code };
  };
}
