import { secretHash } from '../adapters/opaque-secret.ts';
import type { Deps } from '../deps.ts';
import { endSessionOfToken } from '../sql/sessions.ts';
import type { UseCase } from '../use-case.ts';

/**
 * Ends the session of a refresh token. An unknown token is no refusal: whoever shows it is signed
 * out (RFC 7009 §2.2). Gateways hear of it and take its access tokens no more.
 */
export function createLogOut({
  db,
  clock,
  sessionsEnded,
}: Pick<Deps, 'db' | 'clock' | 'sessionsEnded'>): UseCase<'logout'> {
  return async ({ refreshToken }) => {
    const at = new Date(clock.nowMs());
    const hash = secretHash(refreshToken);
    sessionsEnded(await endSessionOfToken(db, { hash, clientId: null, at }));
    return { ok: true };
  };
}
