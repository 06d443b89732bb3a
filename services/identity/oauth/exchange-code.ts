import type { SignClaims } from '../adapters/access-token-issuer.ts';
import { secretHash } from '../adapters/opaque-secret.ts';
import { announce } from '../announce.ts';
import { commit, type Deps } from '../deps.ts';
import { provesPossession } from '../domain/pkce.ts';
import {
  lockAuthorizationCode,
  markExchanged,
  type LockedAuthorizationCode,
} from '../sql/authorization-codes.ts';
import type { StoredMachineClient } from '../sql/find-machine-client.ts';
import { findUser } from '../sql/find-user.ts';
import type { Queries } from '../sql/queries.ts';
import { endSession } from '../sql/sessions.ts';
import { startSession } from '../start-session.ts';
import type { AnswerTo, UseCase } from '../use-case.ts';
import { authenticateClient } from './authenticate-client.ts';

const invalidGrant = { ok: false, code: 'invalid-grant' } as const;

async function open(
  tx: Queries,
  deps: Deps,
  sign: SignClaims,
  found: { code: LockedAuthorizationCode; hash: Buffer; client: StoredMachineClient },
): Promise<AnswerTo<'exchangeCode'>> {
  const { code, hash, client } = found;
  const user = await findUser(tx, code.userId);
  if (user === null) return invalidGrant;
  const { factors, authenticatedAt } = code;
  const deviceTag = deps.vault.blindIndex('device', `${user.id}\napplication ${client.id}`);
  const party = { id: client.id, clientId: client.clientId, scopes: code.scopes };
  const proven = { user, factors, authenticatedAt, deviceTag, from: undefined, party };
  const { sessionId, tokens, scope } = await startSession(tx, deps, sign, proven);
  await markExchanged(tx, { hash, sessionId });
  const nowMs = deps.clock.nowMs();
  const signedIn = { userId: user.id, sessionId, factors, newDevice: false };
  await announce(tx, nowMs, 'user-signed-in', signedIn);
  return { ok: true, tokens, scope };
}

/**
 * Exchanges an authorization code for the tokens of an application. A code that comes twice was
 * stolen by one of the two: what it was exchanged for ends (OAuth 2.1 §4.1.3).
 */
export function createExchangeCode(deps: Deps): UseCase<'exchangeCode'> {
  const { db, clock, accessTokens, log, sessionsEnded } = deps;
  return async ({ clientId, clientSecret, code: shown, redirectUri, codeVerifier }) => {
    const client = await authenticateClient(db, { clientId, clientSecret });
    if (client === null) return { ok: false, code: 'invalid-client' };
    const hash = secretHash(shown);
    const sign = await accessTokens();
    const ended: string[] = [];
    const answer = await commit(deps, async (tx) => {
      const code = await lockAuthorizationCode(tx, hash);
      const nowMs = clock.nowMs();
      if (code === null || code.clientId !== client.id) return invalidGrant;
      const { sessionId, userId } = code;
      if (sessionId !== null) {
        await endSession(tx, { id: sessionId, userId, at: new Date(nowMs) });
        ended.push(sessionId);
        log.warn({ sessionId, userId }, 'an authorization code was used twice: session revoked');
        return invalidGrant;
      }
      const meant = code.redirectUri === redirectUri && code.expiresAt.getTime() > nowMs;
      if (!meant || !provesPossession(codeVerifier, code.challenge)) return invalidGrant;
      return open(tx, deps, sign, { code, hash, client });
    });
    sessionsEnded(ended);
    return answer;
  };
}
