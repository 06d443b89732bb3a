import { announce } from '../announce.ts';
import { commit, type Deps } from '../deps.ts';
import { keyOf, openUser } from '../open-user.ts';
import { cancelErasure } from '../sql/erasure.ts';
import { startSession } from '../start-session.ts';
import type { UseCase } from '../use-case.ts';
import { writeLetter } from '../write-letter.ts';
import { proveIdentity } from './prove-identity.ts';

/** Exchanges e-mail, password and second factor for a session. It calls a planned erasure off. */
export function createLogIn(deps: Deps): UseCase<'login'> {
  const { clock, accessTokens, vault } = deps;
  return async (credentials) => {
    const proven = await proveIdentity(deps, credentials);
    if (!proven.ok) return proven;
    const { user, factors, deviceTag, newDevice, strangeDevice } = proven.proof;
    const sign = await accessTokens();
    const nowMs = clock.nowMs();
    const authenticatedAt = new Date(nowMs);
    return commit(deps, async (tx) => {
      const { from } = credentials;
      const session = { user, factors, authenticatedAt, deviceTag, from };
      const { sessionId, tokens } = await startSession(tx, deps, sign, session);
      await announce(tx, nowMs, 'user-signed-in', {
        userId: user.id,
        sessionId,
        factors,
        newDevice,
      });
      if (user.eraseAfter !== null) await cancelErasure(tx, user.id);
      if (strangeDevice) {
        const { email, name } = openUser(vault, user);
        const addressee = { id: user.id, email, key: keyOf(vault, user) };
        await writeLetter(tx, nowMs, addressee, 'new-device', {
          name,
          at: authenticatedAt.toISOString(),
        });
      }
      return { ok: true, tokens };
    });
  };
}
