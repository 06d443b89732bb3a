import { createLocalJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { AUDIENCE } from '../domain/access-token.ts';
import type { Deps } from '../deps.ts';
import { secretHash } from '../adapters/opaque-secret.ts';
import { findSession } from '../sql/find-session.ts';
import { endSessionOfToken, endSession } from '../sql/sessions.ts';
import type { UseCase } from '../use-case.ts';
import { authenticateClient } from './authenticate-client.ts';

type InspectDeps = Pick<Deps, 'db' | 'clock' | 'sessionsEnded'> & {
  issuer: string;
  publicKeys(): Promise<Record<string, unknown>[]>;
};

/** What a token says, if it is one of ours and not expired. */
async function payloadOf(deps: InspectDeps, token: string): Promise<JWTPayload | undefined> {
  const keys = createLocalJWKSet({ keys: await deps.publicKeys() });
  const currentDate = new Date(deps.clock.nowMs());
  const { issuer } = deps;
  const expected = { issuer, audience: AUDIENCE, algorithms: ['EdDSA'], typ: 'at+jwt' };
  try {
    return (await jwtVerify(token, keys, { ...expected, currentDate })).payload;
  } catch {
    return undefined;
  }
}

/**
 * Tells a confidential client whether an access token of its own holds (RFC 7662): one that was
 * given to it, as an application or as a machine. Of others it learns nothing, not even that they
 * exist.
 */
export function createIntrospect(deps: InspectDeps): UseCase<'introspect'> {
  const { db, clock } = deps;
  return async ({ token, ...credentials }) => {
    const client = await authenticateClient(db, credentials);
    if (client === null || client.secretHash === null) return { ok: false, code: 'invalid-client' };
    const inactive = { ok: true as const, token: { active: false } };
    const payload = await payloadOf(deps, token);
    if (payload === undefined || payload['client_id'] !== client.clientId) return inactive;
    const { sid } = payload;
    if (typeof sid === 'string') {
      const session = await findSession(db, sid);
      const over = session === null || session.revokedAt !== null;
      if (over || session.expiresAt.getTime() <= clock.nowMs()) return inactive;
    }
    const { iss, aud, sub, exp, iat, jti, scope, client_id } = payload;
    const facts = { iss, aud, sub, exp, iat, jti, scope, client_id, token_type: 'Bearer' };
    return { ok: true, token: { active: true, ...facts } };
  };
}

/** Ends the session of a token that this client holds (RFC 7009). Unknown ones are no mistake. */
export function createRevokeToken(deps: InspectDeps): UseCase<'revokeToken'> {
  const { db, clock, sessionsEnded } = deps;
  return async ({ token, ...credentials }) => {
    const client = await authenticateClient(db, credentials);
    if (client === null) return { ok: false, code: 'invalid-client' };
    const at = new Date(clock.nowMs());
    const hash = secretHash(token);
    const ended = await endSessionOfToken(db, { hash, clientId: client.id, at });
    const payload = ended.length > 0 ? undefined : await payloadOf(deps, token);
    if (payload !== undefined && payload['client_id'] === client.clientId) {
      const { sid, sub } = payload;
      if (typeof sid === 'string' && sub !== undefined) {
        if (await endSession(db, { id: sid, userId: sub, at })) ended.push(sid);
      }
    }
    sessionsEnded(ended);
    return { ok: true };
  };
}
