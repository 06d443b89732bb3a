import { sql } from '@florin/postgres';
import type { SigningKey } from '../domain/signing-key.ts';
import type { Queries } from './queries.ts';

export async function insertSigningKey(
  db: Queries,
  { kid, jwk }: SigningKey,
  createdAt: Date,
): Promise<void> {
  await db.query(sql.unsafe`
    INSERT INTO signing_keys (kid, private_jwk, created_at)
    VALUES (${kid}, ${JSON.stringify(jwk)}::jsonb, ${sql.timestamp(createdAt)})`);
}
