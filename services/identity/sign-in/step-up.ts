import type { Factor } from '@florin/contracts';
import { ACCESS_TOKEN_SECONDS, claimsOfUser } from '../domain/access-token.ts';
import type { Deps } from '../deps.ts';
import { sessionFacts } from '../sql/session-row.ts';
import { markProven } from '../sql/sessions.ts';
import { tokenUserOf } from '../token-user.ts';
import type { UseCase } from '../use-case.ts';
import { provePassword, takeSessionTry } from './prove-again.ts';
import { useSecondFactor } from './second-factor.ts';

/** Proves the identity anew within a session: the answer is an access token that says so. */
export function createStepUp(deps: Deps): UseCase<'stepUp'> {
  const { db, clock, accessTokens, settings } = deps;
  return async ({ userId, sessionId, password, totp }) => {
    const proven = await provePassword(deps, { userId, sessionId, password });
    if (!proven.ok) return proven;
    const { user, session } = proven;
    const factors: Factor[] = ['password'];
    if (user.totpEnabledAt !== null) {
      if (totp === undefined) return { ok: false, code: 'two-factor-required' };
      const attempt = await takeSessionTry(deps, { userId, sessionId });
      if (attempt.refused !== undefined) return attempt.refused;
      const second = await useSecondFactor(deps, user, totp);
      if (second === undefined) return { ok: false, code: 'invalid-credentials' };
      await attempt.giveBack();
      factors.push(second);
    }
    const authenticatedAt = new Date(clock.nowMs());
    await markProven(db, { id: sessionId, factors, at: authenticatedAt });
    const sign = await accessTokens();
    const facts = { ...sessionFacts(session), factors, authenticatedAt };
    const accessToken = await sign(claimsOfUser(tokenUserOf(user, settings), facts));
    return { ok: true, accessToken, expiresIn: ACCESS_TOKEN_SECONDS };
  };
}
