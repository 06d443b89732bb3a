import type { Factor, Scope } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';
import { sessionColumns, sessionRow, sessions, type StoredSession } from './session-row.ts';

export interface NewSession {
  id: string;
  userId: string;
  refreshTokenHash: Buffer;
  createdAt: Date;
  expiresAt: Date;
  authenticatedAt: Date;
  factors: readonly Factor[];
  agentSealed: Buffer | null;
  addressSealed: Buffer | null;
  deviceTag: Buffer;
  party: { id: string; scopes: readonly Scope[] } | undefined;
}

const binary = (value: Buffer | null) => (value === null ? null : sql.binary(value));

/** A session with the first refresh token of its family. */
export async function insertSession(db: Queries, one: NewSession): Promise<void> {
  const createdAt = sql.timestamp(one.createdAt);
  const scopes = one.party === undefined ? null : sql.array(one.party.scopes, 'text');
  await db.query(sql.unsafe`
    WITH session AS (
      INSERT INTO sessions (id, user_id, created_at, expires_at, authenticated_at, last_used_at,
        factors, agent_sealed, address_sealed, device_tag, client_id, scopes)
      VALUES (${one.id}, ${one.userId}, ${createdAt}, ${sql.timestamp(one.expiresAt)},
        ${sql.timestamp(one.authenticatedAt)}, ${createdAt}, ${sql.array(one.factors, 'text')},
        ${binary(one.agentSealed)}, ${binary(one.addressSealed)}, ${sql.binary(one.deviceTag)},
        ${one.party?.id ?? null}, ${scopes})
      RETURNING id)
    INSERT INTO refresh_tokens (hash, session_id, created_at)
    SELECT ${sql.binary(one.refreshTokenHash)}, id, ${createdAt} FROM session`);
}

const deviceRow = z.object({ anySession: z.boolean(), thisDevice: z.boolean() });

/** Whether a user has signed in before, and from this device. */
export const knownDevice = (
  db: Queries,
  { userId, deviceTag }: { userId: string; deviceTag: Buffer },
): Promise<z.infer<typeof deviceRow>> =>
  db.one(sql.type(deviceRow)`
    SELECT EXISTS (SELECT FROM sessions WHERE user_id = ${userId}) AS "anySession",
      EXISTS (SELECT FROM sessions WHERE user_id = ${userId}
        AND device_tag = ${sql.binary(deviceTag)}) AS "thisDevice"`);

/** The living session of that id, if it is this user's own and not a third party's. */
export const findOwnSession = (
  db: Queries,
  { userId, sessionId, at }: { userId: string; sessionId: string; at: Date },
): Promise<StoredSession | null> =>
  db.maybeOne(sql.type(sessionRow)`
    SELECT ${sessionColumns} FROM ${sessions}
    WHERE s.id = ${sessionId} AND s.user_id = ${userId} AND s.client_id IS NULL
      AND s.revoked_at IS NULL AND s.expires_at > ${sql.timestamp(at)}`);

/** The living sessions of a user, newest first. */
export const listSessions = (
  db: Queries,
  { userId, at }: { userId: string; at: Date },
): Promise<readonly StoredSession[]> =>
  db.any(sql.type(sessionRow)`
    SELECT ${sessionColumns} FROM ${sessions}
    WHERE s.user_id = ${userId} AND s.revoked_at IS NULL AND s.expires_at > ${sql.timestamp(at)}
    ORDER BY s.created_at DESC, s.id DESC LIMIT 100`);

/** The identity was proven anew. */
export async function markProven(
  db: Queries,
  { id, factors, at }: { id: string; factors: readonly Factor[]; at: Date },
): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE sessions SET factors = ${sql.array(factors, 'text')},
      authenticated_at = ${sql.timestamp(at)}
    WHERE id = ${id}`);
}

const idRow = z.object({ id: z.string() });

/** Ends a family of refresh tokens. Answers whether it was alive. */
export async function endSession(
  db: Queries,
  { id, userId, at }: { id: string; userId: string; at: Date },
): Promise<boolean> {
  const ended = await db.maybeOne(sql.type(idRow)`
    UPDATE sessions SET revoked_at = ${sql.timestamp(at)}
    WHERE id = ${id} AND user_id = ${userId} AND revoked_at IS NULL
      AND expires_at > ${sql.timestamp(at)}
    RETURNING id`);
  return ended !== null;
}

/** Ends all sessions of a user, but for one. Answers which. */
export async function endSessionsOf(
  db: Queries,
  { userId, except, at }: { userId: string; except?: string; at: Date },
): Promise<string[]> {
  const ended = await db.any(sql.type(idRow)`
    UPDATE sessions SET revoked_at = ${sql.timestamp(at)}
    WHERE user_id = ${userId} AND revoked_at IS NULL AND id IS DISTINCT FROM ${except ?? null}
    RETURNING id`);
  return ended.map(({ id }) => id);
}

/** Ends the family that a refresh token, dead or alive, belongs to. An unknown one ends nothing. */
export async function endSessionOfToken(
  db: Queries,
  { hash, clientId, at }: { hash: Buffer; clientId: string | null; at: Date },
): Promise<string[]> {
  const ended = await db.any(sql.type(idRow)`
    UPDATE sessions s SET revoked_at = ${sql.timestamp(at)}
    FROM refresh_tokens t
    WHERE t.hash = ${sql.binary(hash)} AND s.id = t.session_id AND s.revoked_at IS NULL
      AND s.client_id IS NOT DISTINCT FROM ${clientId}::uuid
    RETURNING s.id`);
  return ended.map(({ id }) => id);
}

const endedRow = z.object({ id: z.string(), endedAt: z.date() });

export const listEndedSessions = (
  db: Queries,
  since: Date,
): Promise<readonly z.infer<typeof endedRow>[]> =>
  db.any(sql.type(endedRow)`
    SELECT id, revoked_at AS "endedAt" FROM sessions WHERE revoked_at > ${sql.timestamp(since)}
    ORDER BY revoked_at DESC LIMIT 10000`);
