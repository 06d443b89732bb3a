import { sql } from '@florin/postgres';
import { z } from 'zod';
import { API_KEY_PREFIX } from '../domain/machine-client.ts';
import type { Queries } from './queries.ts';
import { sessionColumns, sessionRow, sessions, type StoredSession } from './session-row.ts';

const isApiKey = sql.fragment`starts_with(c.client_id, ${API_KEY_PREFIX})`;

interface AtTime {
  at: Date;
}

/** The living keys of a user, newest first. */
export const listApiKeys = (
  db: Queries,
  { userId, at }: AtTime & { userId: string },
): Promise<readonly StoredSession[]> =>
  db.any(sql.type(sessionRow)`
    SELECT ${sessionColumns} FROM ${sessions}
    WHERE s.user_id = ${userId} AND ${isApiKey} AND s.revoked_at IS NULL
      AND s.expires_at > ${sql.timestamp(at)}
    ORDER BY s.created_at DESC, s.id DESC LIMIT 100`);

/** The living session that a key acts in, which is used now; null when the key has ended. */
export const useApiKey = (
  db: Queries,
  { clientId, at }: AtTime & { clientId: string },
): Promise<StoredSession | null> =>
  db.maybeOne(sql.type(sessionRow)`
    WITH used AS (
      UPDATE sessions SET last_used_at = ${sql.timestamp(at)}
      WHERE client_id = ${clientId} AND revoked_at IS NULL AND expires_at > ${sql.timestamp(at)}
      RETURNING id)
    SELECT ${sessionColumns} FROM ${sessions} JOIN used ON used.id = s.id
    WHERE ${isApiKey}`);

const idRow = z.object({ id: z.string() });

/** False when this user has no such key, or none any more. */
export async function endApiKey(
  db: Queries,
  { id, userId, at }: AtTime & { id: string; userId: string },
): Promise<boolean> {
  const ended = await db.maybeOne(sql.type(idRow)`
    UPDATE sessions s SET revoked_at = ${sql.timestamp(at)} FROM machine_clients c
    WHERE s.id = ${id} AND s.user_id = ${userId} AND c.id = s.client_id AND ${isApiKey}
      AND s.revoked_at IS NULL AND s.expires_at > ${sql.timestamp(at)}
    RETURNING s.id`);
  return ended !== null;
}

/** The names and secrets of keys whose sessions are gone, too, open nothing. */
export async function deleteEndedApiKeys(db: Queries): Promise<void> {
  await db.query(sql.unsafe`
    DELETE FROM machine_clients c
    WHERE ${isApiKey} AND NOT EXISTS (SELECT FROM sessions s WHERE s.client_id = c.id)`);
}
