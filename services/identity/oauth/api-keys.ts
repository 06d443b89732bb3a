import type { ApiKey } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { newRefreshToken, secretHash } from '../adapters/opaque-secret.ts';
import { announce } from '../announce.ts';
import { commit, type Deps } from '../deps.ts';
import { apiKeyClientId } from '../domain/machine-client.ts';
import type { UserKey } from '../domain/vault.ts';
import { keyOf } from '../open-user.ts';
import { provenLately } from '../sign-in/prove-again.ts';
import { endApiKey, listApiKeys } from '../sql/api-keys.ts';
import { findUser, lockUser } from '../sql/find-user.ts';
import type { Queries } from '../sql/queries.ts';
import type { StoredSession } from '../sql/session-row.ts';
import { insertSession } from '../sql/sessions.ts';
import { upsertMachineClient } from '../sql/upsert-machine-client.ts';
import type { StoredUser } from '../sql/user-row.ts';
import { AGENT_FIELD } from '../start-session.ts';
import type { AnswerTo, UseCase } from '../use-case.ts';

/** More than anybody keeps in mind. */
const API_KEYS_MAX = 20;
const DAY_MS = 24 * 3_600_000;

/** The name that its owner gave it is personal: it lies sealed where a session’s agent does. */
function openApiKey(key: UserKey, stored: StoredSession): ApiKey {
  const { startedAt, lastUsedAt, agentSealed, scopes } = stored;
  const isUsed = lastUsedAt.getTime() > startedAt.getTime();
  return {
    id: stored.sessionId,
    name: agentSealed === null ? '' : key.open(AGENT_FIELD, agentSealed),
    clientId: stored.partyClientId ?? '',
    scopes: scopes ?? [],
    createdAt: startedAt.toISOString(),
    lastUsedAt: isUsed ? lastUsedAt.toISOString() : null,
    expiresAt: stored.expiresAt.toISOString(),
  };
}

type Wish = Omit<Parameters<UseCase<'createApiKey'>>[0], 'userId' | 'sessionId'>;

async function open(
  tx: Queries,
  { vault, clock }: Deps,
  { user, session }: { user: StoredUser; session: StoredSession },
  { name, scopes, expiresInDays }: Wish,
): Promise<AnswerTo<'createApiKey'>> {
  const nowMs = clock.nowMs();
  const [createdAt, expiresAt] = [new Date(nowMs), new Date(nowMs + expiresInDays * DAY_MS)];
  const [id, sessionId] = [uuidv7(nowMs), uuidv7(nowMs)];
  const [clientId, clientSecret] = [apiKeyClientId(id), newRefreshToken()];
  const { factors, authenticatedAt } = session;
  await upsertMachineClient(tx, {
    id,
    clientId,
    secretHash: secretHash(clientSecret),
    name: 'API key',
    redirectUris: [],
    scopes,
    plan: 'standard',
    createdAt,
  });
  await insertSession(tx, {
    id: sessionId,
    userId: user.id,
    // Nobody is ever told it: a key gets its tokens by its secret.
    refreshTokenHash: secretHash(newRefreshToken()),
    createdAt,
    expiresAt,
    authenticatedAt,
    factors,
    agentSealed: keyOf(vault, user).seal(AGENT_FIELD, name),
    addressSealed: null,
    deviceTag: vault.blindIndex('device', `${user.id}\nAPI key ${id}`),
    party: { id, scopes },
  });
  const opened = { userId: user.id, sessionId, factors, newDevice: false };
  await announce(tx, nowMs, 'user-signed-in', opened);
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
  const apiKey = { id: sessionId, name, clientId, scopes, lastUsedAt: null, ...times };
  return { ok: true, apiKey, clientSecret };
}

/**
 * A key for a person's own programs: a client that signs in with its secret and acts in a session
 * of its owner, within scopes. So it ends as sessions do: by its owner, by age, by a new password,
 * by erasure.
 */
export function createCreateApiKey(deps: Deps): UseCase<'createApiKey'> {
  return async ({ userId, sessionId, ...wish }) => {
    const proven = await provenLately(deps, { userId, sessionId });
    if (!proven.ok) return proven;
    return commit(deps, async (tx) => {
      // Whoever makes several at once makes them one after the other: they are counted.
      if ((await lockUser(tx, userId)) === null) return { ok: false, code: 'unauthenticated' };
      const at = new Date(deps.clock.nowMs());
      const others = await listApiKeys(tx, { userId, at });
      if (others.length >= API_KEYS_MAX) return { ok: false, code: 'limit-exceeded' };
      return open(tx, deps, proven, wish);
    });
  };
}

export function createListApiKeys({
  db,
  vault,
  clock,
}: Pick<Deps, 'db' | 'vault' | 'clock'>): UseCase<'listApiKeys'> {
  return async ({ userId }) => {
    const user = await findUser(db, userId);
    if (user === null) return { apiKeys: [] };
    const stored = await listApiKeys(db, { userId, at: new Date(clock.nowMs()) });
    const key = keyOf(vault, user);
    return { apiKeys: stored.map((one) => openApiKey(key, one)) };
  };
}

/** Of one's own only: the key of somebody else is not found. */
export function createRemoveApiKey({
  db,
  clock,
  sessionsEnded,
}: Pick<Deps, 'db' | 'clock' | 'sessionsEnded'>): UseCase<'removeApiKey'> {
  return async ({ userId, id }) => {
    const at = new Date(clock.nowMs());
    if (!(await endApiKey(db, { id, userId, at }))) return { ok: false, code: 'not-found' };
    sessionsEnded([id]);
    return { ok: true };
  };
}
