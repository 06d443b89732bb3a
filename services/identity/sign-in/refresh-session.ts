import type { Clock } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import type { Logger } from '@florin/runtime';
import type { AccessTokenIssuer } from './adapters/access-token-issuer.ts';
import { newRefreshToken, secretHash } from './adapters/opaque-secret.ts';
import { claimsOfUser } from './domain/access-token.ts';
import { decideRefresh } from './domain/refresh-decision.ts';
import { pairOf } from './domain/token-pair.ts';
import { lockRefreshToken } from './sql/lock-refresh-token.ts';
import { revokeSession } from './sql/revoke-session.ts';
import { rotateRefreshToken } from './sql/rotate-refresh-token.ts';
import type { UseCase } from './use-case.ts';

/**
 * Exchanges a refresh token for a new pair with the user's roles of today; the old one dies. Of
 * several exchanges of one token at the same time exactly one succeeds, and the others are a
 * re-use: they end the session, the winner's new token included.
 */
export function createRefreshSession(deps: {
  db: Pick<Database['slonik'], 'transaction'>;
  clock: Clock;
  accessTokens: AccessTokenIssuer;
  log: Logger;
}): UseCase<'refresh'> {
  const { db, clock, accessTokens, log } = deps;
  return async ({ refreshToken }) => {
    const oldHash = secretHash(refreshToken);
    // Before the database transaction: with a connection in hand, asking the pool for a second one
    // could wait for ever.
    const sign = await accessTokens();
    return db.transaction(async (tx) => {
      const token = await lockRefreshToken(tx, oldHash);
      const nowMs = clock.nowMs();
      const decision = decideRefresh(token, nowMs);
      if (token === null || decision === 'unauthenticated') {
        return { ok: false, code: 'unauthenticated' };
      }
      const at = new Date(nowMs);
      if (decision === 'token-reused') {
        await revokeSession(tx, token.sessionId, at);
        const { sessionId, user } = token;
        log.warn({ sessionId, userId: user.id }, 'a dead refresh token was used: session revoked');
        return { ok: false, code: 'token-reused' };
      }
      const nextToken = newRefreshToken();
      await rotateRefreshToken(tx, { oldHash, newHash: secretHash(nextToken), at });
      return { ok: true, tokens: pairOf(await sign(claimsOfUser(token.user)), nextToken) };
    });
  };
}
