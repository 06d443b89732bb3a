import { sql } from '@florin/postgres';
import type { JWK } from 'jose';
import { z } from 'zod';
import type { SigningKey } from '../domain/signing-key.ts';
import type { Queries } from './queries.ts';

const signingKeyRow = z.object({ kid: z.string(), jwk: z.custom<JWK>() });

/** The key that signs now: the newest one that is not retired. */
export const findSigningKey = (db: Queries): Promise<SigningKey | null> =>
  db.maybeOne(sql.type(signingKeyRow)`
    SELECT kid, private_jwk AS jwk FROM signing_keys
    WHERE retired_at IS NULL ORDER BY created_at DESC, kid DESC LIMIT 1`);
