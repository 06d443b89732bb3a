import type { Session } from '@florin/contracts';
import type { Deps } from '../deps.ts';
import { ACCESS_TOKEN_SECONDS } from '../domain/access-token.ts';
import { isApiKey } from '../domain/machine-client.ts';
import type { UserKey } from '../domain/vault.ts';
import { keyOf } from '../open-user.ts';
import { findUser } from '../sql/find-user.ts';
import type { StoredSession } from '../sql/session-row.ts';
import { endSession, listEndedSessions, listSessions } from '../sql/sessions.ts';
import { ADDRESS_FIELD, AGENT_FIELD } from '../start-session.ts';
import type { UseCase } from '../use-case.ts';

/** A session as its owner sees it. */
export function openSession(key: UserKey, stored: StoredSession): Session {
  const { agentSealed, addressSealed } = stored;
  return {
    id: stored.sessionId,
    createdAt: stored.startedAt.toISOString(),
    lastUsedAt: stored.lastUsedAt.toISOString(),
    expiresAt: stored.expiresAt.toISOString(),
    address: addressSealed === null ? null : key.open(ADDRESS_FIELD, addressSealed),
    userAgent: agentSealed === null ? null : key.open(AGENT_FIELD, agentSealed),
    factors: stored.factors,
    application: stored.partyName,
  };
}

export function createListSessions({
  db,
  vault,
  clock,
}: Pick<Deps, 'db' | 'vault' | 'clock'>): UseCase<'listSessions'> {
  return async ({ userId }) => {
    const user = await findUser(db, userId);
    if (user === null) return { sessions: [] };
    const stored = await listSessions(db, { userId, at: new Date(clock.nowMs()) });
    const key = keyOf(vault, user);
    // Keys have a list of their own.
    const others = stored.filter(({ partyClientId }) => !isApiKey(partyClientId ?? ''));
    return { sessions: others.map((one) => openSession(key, one)) };
  };
}

/** Of one's own only: the session of somebody else is not found. */
export function createRevokeSession({
  db,
  clock,
  sessionsEnded,
}: Pick<Deps, 'db' | 'clock' | 'sessionsEnded'>): UseCase<'revokeSession'> {
  return async ({ userId, sessionId }) => {
    const at = new Date(clock.nowMs());
    if (!(await endSession(db, { id: sessionId, userId, at }))) {
      return { ok: false, code: 'not-found' };
    }
    sessionsEnded([sessionId]);
    return { ok: true };
  };
}

/** What a gateway needs to know when it starts: it has not heard of these. */
export function createListEndedSessions({
  db,
  clock,
}: Pick<Deps, 'db' | 'clock'>): UseCase<'listEndedSessions'> {
  return async () => {
    const since = new Date(clock.nowMs() - 2 * ACCESS_TOKEN_SECONDS * 1000);
    const ended = await listEndedSessions(db, since);
    return { sessions: ended.map(({ id, endedAt }) => ({ id, endedAt: endedAt.toISOString() })) };
  };
}
