import type { SignClaims } from '../adapters/access-token-issuer.ts';
import { newRefreshToken, secretHash } from '../adapters/opaque-secret.ts';
import type { Deps } from '../deps.ts';
import { claimsOfUser } from '../domain/access-token.ts';
import { decideRefresh } from '../domain/refresh-decision.ts';
import { pairOf } from '../domain/token-pair.ts';
import { authenticateClient } from '../oauth/authenticate-client.ts';
import { findUser } from '../sql/find-user.ts';
import { lockRefreshToken, type LockedRefreshToken } from '../sql/lock-refresh-token.ts';
import type { Queries } from '../sql/queries.ts';
import { rotateRefreshToken } from '../sql/rotate-refresh-token.ts';
import { sessionFacts } from '../sql/session-row.ts';
import { endSession } from '../sql/sessions.ts';
import { tokenUserOf } from '../token-user.ts';
import type { AnswerTo, UseCase } from '../use-case.ts';

type RefreshDeps = Pick<
  Deps,
  'db' | 'clock' | 'accessTokens' | 'log' | 'settings' | 'sessionsEnded'
>;

const refused = (code: 'unauthenticated' | 'token-reused') => ({ ok: false, code }) as const;

/** Whoever shows it holds a token that somebody else has used: the family ends. */
async function endFamily(
  tx: Queries,
  { clock, log }: RefreshDeps,
  { sessionId, userId }: LockedRefreshToken,
): Promise<void> {
  await endSession(tx, { id: sessionId, userId, at: new Date(clock.nowMs()) });
  log.warn({ sessionId, userId }, 'a dead refresh token was used: session revoked');
}

async function rotate(
  tx: Queries,
  { clock, settings }: RefreshDeps,
  sign: SignClaims,
  { token, oldHash }: { token: LockedRefreshToken; oldHash: Buffer },
): Promise<AnswerTo<'refresh'>> {
  const user = await findUser(tx, token.userId);
  if (user === null) return refused('unauthenticated');
  const next = newRefreshToken();
  const at = new Date(clock.nowMs());
  await rotateRefreshToken(tx, { oldHash, newHash: secretHash(next), at });
  const claims = claimsOfUser(tokenUserOf(user, settings), sessionFacts(token));
  return { ok: true, tokens: pairOf(await sign(claims), next), scope: claims.scope };
}

/**
 * Exchanges a refresh token for a new pair with the user's roles of today; the old one dies. Of
 * several exchanges of one token at the same time exactly one succeeds, and the others are a
 * re-use: they end the session, the winner's new token included. A third party's token is taken
 * from that third party alone.
 */
export function createRefreshSession(deps: RefreshDeps): UseCase<'refresh'> {
  const { db, clock, accessTokens, sessionsEnded } = deps;
  return async ({ refreshToken, client }) => {
    const oldHash = secretHash(refreshToken);
    const party = client === undefined ? undefined : await authenticateClient(db, client);
    if (party === null) return { ok: false, code: 'invalid-client' };
    // Before the database transaction: with a connection in hand, asking the pool for a second one
    // could wait for ever.
    const sign = await accessTokens();
    const ended: string[] = [];
    const answer = await db.transaction(async (tx) => {
      const token = await lockRefreshToken(tx, oldHash);
      const decision = decideRefresh(token, clock.nowMs());
      const foreign = token?.partyId !== (party?.id ?? null);
      if (token === null || foreign || decision === 'unauthenticated') {
        return refused('unauthenticated');
      }
      if (decision === 'rotate') return rotate(tx, deps, sign, { token, oldHash });
      await endFamily(tx, deps, token);
      ended.push(token.sessionId);
      return refused('token-reused');
    });
    sessionsEnded(ended);
    return answer;
  };
}
