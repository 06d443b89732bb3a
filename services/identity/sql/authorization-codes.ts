import { FACTORS, SCOPES, type Factor, type Scope } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

export interface AuthorizationCode {
  hash: Buffer;
  clientId: string;
  userId: string;
  redirectUri: string;
  scopes: readonly Scope[];
  challenge: string;
  factors: readonly Factor[];
  authenticatedAt: Date;
  expiresAt: Date;
}

export async function insertAuthorizationCode(db: Queries, code: AuthorizationCode): Promise<void> {
  await db.query(sql.unsafe`
    INSERT INTO authorization_codes (hash, client_id, user_id, redirect_uri, scopes, challenge,
      factors, authenticated_at, expires_at)
    VALUES (${sql.binary(code.hash)}, ${code.clientId}, ${code.userId}, ${code.redirectUri},
      ${sql.array(code.scopes, 'text')}, ${code.challenge}, ${sql.array(code.factors, 'text')},
      ${sql.timestamp(code.authenticatedAt)}, ${sql.timestamp(code.expiresAt)})`);
}

const codeRow = z.object({
  clientId: z.string(),
  userId: z.string(),
  redirectUri: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  challenge: z.string(),
  factors: z.array(z.enum(FACTORS)),
  authenticatedAt: z.date(),
  expiresAt: z.date(),
  sessionId: z.string().nullable(),
});
export type LockedAuthorizationCode = z.infer<typeof codeRow>;

/** Locked until the database transaction ends: of two exchanges the second sees the first. */
export const lockAuthorizationCode = (
  db: Queries,
  hash: Buffer,
): Promise<LockedAuthorizationCode | null> =>
  db.maybeOne(sql.type(codeRow)`
    SELECT client_id AS "clientId", user_id AS "userId", redirect_uri AS "redirectUri", scopes,
      challenge, factors, authenticated_at AS "authenticatedAt", expires_at AS "expiresAt",
      session_id AS "sessionId"
    FROM authorization_codes WHERE hash = ${sql.binary(hash)} FOR UPDATE`);

export async function markExchanged(
  db: Queries,
  { hash, sessionId }: { hash: Buffer; sessionId: string },
): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE authorization_codes SET session_id = ${sessionId} WHERE hash = ${sql.binary(hash)}`);
}

/** A used code stays until its session is gone: its re-use must be noticed. */
export async function deleteOldCodes(db: Queries, at: Date): Promise<void> {
  await db.query(sql.unsafe`
    DELETE FROM authorization_codes
    WHERE expires_at <= ${sql.timestamp(at)} AND session_id IS NULL`);
}
