/** A refresh token as it is stored, with what matters of its session. */
export interface StoredRefreshToken {
  usedAt: Date | null;
  expiresAt: Date;
  revokedAt: Date | null;
}

/**
 * What a refresh token that somebody shows is worth.
 *
 * - `rotate`: it is the living one of its family.
 * - `token-reused`: it was used before, so two parties hold it and the family must end. An answer
 *   that was lost on its way looks the same; the person then signs in again.
 * - `unauthenticated`: unknown, or its session is over. Age counts before re-use, because sessions
 *   past their end are deleted and must not answer differently before and after.
 */
export function decideRefresh(
  token: StoredRefreshToken | null,
  nowMs: number,
): 'rotate' | 'token-reused' | 'unauthenticated' {
  if (token === null || token.expiresAt.getTime() <= nowMs) return 'unauthenticated';
  if (token.usedAt !== null) return 'token-reused';
  return token.revokedAt === null ? 'rotate' : 'unauthenticated';
}
