import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const consentRow = z.object({
  purpose: z.string(),
  version: z.string(),
  granted: z.boolean(),
  decidedAt: z.date().transform((date) => date.toISOString()),
});
export type StoredConsent = z.infer<typeof consentRow>;

export const insertConsent = (
  db: Queries,
  one: { userId: string; purpose: string; version: string; granted: boolean; at: Date },
): Promise<StoredConsent | null> =>
  db.maybeOne(sql.type(consentRow)`
    INSERT INTO consents (user_id, purpose, version, granted, decided_at)
    SELECT user_id, ${one.purpose}, ${one.version}, ${one.granted}, ${sql.timestamp(one.at)}
    FROM user_keys WHERE user_id = ${one.userId}
    RETURNING purpose, version, granted, decided_at AS "decidedAt"`);

/** The whole log, newest first. */
export const listConsents = (db: Queries, userId: string): Promise<readonly StoredConsent[]> =>
  db.any(sql.type(consentRow)`
    SELECT purpose, version, granted, decided_at AS "decidedAt" FROM consents
    WHERE user_id = ${userId} ORDER BY id DESC LIMIT 1000`);
