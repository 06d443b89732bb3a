import type { User } from '@florin/contracts';
import { uuidv7, type Clock } from '@florin/kernel';
import type { AccessTokenIssuer } from './adapters/access-token-issuer.ts';
import { newRefreshToken, secretHash } from './adapters/opaque-secret.ts';
import { claimsOfUser } from './domain/access-token.ts';
import { pairOf, type TokenPair } from './domain/token-pair.ts';
import { insertSession } from './sql/insert-session.ts';
import type { Queries } from './sql/queries.ts';

/** Signs in a user whose identity is proven: opens a session and hands out its first tokens. */
export type StartSession = (user: User) => Promise<TokenPair>;

export function createStartSession(deps: {
  db: Queries;
  clock: Clock;
  accessTokens: AccessTokenIssuer;
  /** A session ends then, however often it was refreshed. */
  sessionLifetimeMs: number;
}): StartSession {
  const { db, clock, accessTokens, sessionLifetimeMs } = deps;
  return async (user) => {
    const sign = await accessTokens();
    const accessToken = await sign(claimsOfUser(user));
    const refreshToken = newRefreshToken();
    const nowMs = clock.nowMs();
    await insertSession(db, {
      id: uuidv7(nowMs),
      userId: user.id,
      refreshTokenHash: secretHash(refreshToken),
      createdAt: new Date(nowMs),
      expiresAt: new Date(nowMs + sessionLifetimeMs),
    });
    return pairOf(accessToken, refreshToken);
  };
}
