import { FACTORS, SCOPES } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { SessionFacts } from '../domain/access-token.ts';

/** A session `s`, and the third party `c` that acts in it, if one does. */
export const sessionColumns = sql.fragment`
  s.id AS "sessionId", s.user_id AS "userId", s.created_at AS "startedAt",
  s.expires_at AS "expiresAt", s.revoked_at AS "revokedAt", s.factors,
  coalesce(s.authenticated_at, s.created_at) AS "authenticatedAt",
  coalesce(s.last_used_at, s.created_at) AS "lastUsedAt",
  s.agent_sealed AS "agentSealed", s.address_sealed AS "addressSealed",
  c.id AS "partyId", c.client_id AS "partyClientId", c.name AS "partyName", s.scopes`;

export const sessions = sql.fragment`
  sessions s LEFT JOIN machine_clients c ON c.id = s.client_id`;

export const sessionRow = z.object({
  sessionId: z.string(),
  userId: z.string(),
  startedAt: z.date(),
  expiresAt: z.date(),
  revokedAt: z.date().nullable(),
  factors: z.array(z.enum(FACTORS)),
  authenticatedAt: z.date(),
  lastUsedAt: z.date(),
  agentSealed: z.instanceof(Buffer).nullable(),
  addressSealed: z.instanceof(Buffer).nullable(),
  partyId: z.string().nullable(),
  partyClientId: z.string().nullable(),
  partyName: z.string().nullable(),
  scopes: z.array(z.enum(SCOPES)).nullable(),
});
export type StoredSession = z.infer<typeof sessionRow>;

/** What its tokens say of it. */
export const sessionFacts = (stored: StoredSession): SessionFacts => ({
  id: stored.sessionId,
  factors: stored.factors,
  authenticatedAt: stored.authenticatedAt,
  party:
    stored.partyClientId === null
      ? undefined
      : { clientId: stored.partyClientId, scopes: stored.scopes ?? [] },
});
