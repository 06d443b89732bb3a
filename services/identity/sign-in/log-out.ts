import type { Clock } from '@florin/kernel';
import { secretHash } from './adapters/opaque-secret.ts';
import type { Queries } from './sql/queries.ts';
import { revokeSessionOfToken } from './sql/revoke-session-of-token.ts';
import type { UseCase } from './use-case.ts';

/**
 * Ends the session of a refresh token. An unknown token is no refusal: whoever shows it is signed
 * out (RFC 7009 §2.2). An access token already handed out holds until it expires.
 */
export function createLogOut({ db, clock }: { db: Queries; clock: Clock }): UseCase<'logout'> {
  return async ({ refreshToken }) => {
    await revokeSessionOfToken(db, secretHash(refreshToken), new Date(clock.nowMs()));
    return { ok: true };
  };
}
