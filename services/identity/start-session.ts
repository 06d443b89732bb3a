import type { Factor, RequestOrigin, Scope } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { newRefreshToken, secretHash } from './adapters/opaque-secret.ts';
import type { SignClaims } from './adapters/access-token-issuer.ts';
import { claimsOfUser } from './domain/access-token.ts';
import { pairOf, type TokenPair } from './domain/token-pair.ts';
import type { Deps } from './deps.ts';
import { keyOf } from './open-user.ts';
import { insertSession } from './sql/sessions.ts';
import type { Queries } from './sql/queries.ts';
import type { StoredUser } from './sql/user-row.ts';
import { tokenUserOf } from './token-user.ts';

export const AGENT_FIELD = 'agent';
export const ADDRESS_FIELD = 'address';

/** A user whose identity is proven, and how. */
export interface Proven {
  user: StoredUser;
  factors: Factor[];
  authenticatedAt: Date;
  deviceTag: Buffer;
  from: RequestOrigin | undefined;
  /** A third party that acts for the user. */
  party?: { id: string; clientId: string; scopes: readonly Scope[] };
}

/** Opens a session and hands out its first tokens. `sign` was fetched before `tx` began. */
export async function startSession(
  tx: Queries,
  { clock, vault, settings }: Pick<Deps, 'clock' | 'vault' | 'settings'>,
  sign: SignClaims,
  proven: Proven,
): Promise<{ sessionId: string; tokens: TokenPair; scope: string }> {
  const { user, factors, authenticatedAt, deviceTag, from, party } = proven;
  const nowMs = clock.nowMs();
  const id = uuidv7(nowMs);
  const key = keyOf(vault, user);
  const refreshToken = newRefreshToken();
  await insertSession(tx, {
    id,
    userId: user.id,
    refreshTokenHash: secretHash(refreshToken),
    createdAt: new Date(nowMs),
    expiresAt: new Date(nowMs + settings.sessionLifetimeMs),
    authenticatedAt,
    factors,
    agentSealed: from?.userAgent === undefined ? null : key.seal(AGENT_FIELD, from.userAgent),
    addressSealed: from?.address === undefined ? null : key.seal(ADDRESS_FIELD, from.address),
    deviceTag,
    party,
  });
  const claims = claimsOfUser(tokenUserOf(user, settings), { id, factors, authenticatedAt, party });
  return { sessionId: id, tokens: pairOf(await sign(claims), refreshToken), scope: claims.scope };
}
