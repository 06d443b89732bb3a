import { sql } from '@florin/postgres';
import type { JWK } from 'jose';
import type { Queries } from './queries.ts';

export interface NewSigningKey {
  kid: string;
  publicJwk: JWK;
  privateSealed: Buffer;
  createdAt: Date;
  /** Published before: until then the keys of before sign. */
  signsFrom: Date;
}

export async function insertSigningKey(db: Queries, key: NewSigningKey): Promise<void> {
  await db.query(sql.unsafe`
    INSERT INTO signing_keys (kid, public_jwk, private_sealed, created_at, signs_from)
    VALUES (${key.kid}, ${JSON.stringify(key.publicJwk)}::jsonb, ${sql.binary(key.privateSealed)},
      ${sql.timestamp(key.createdAt)}, ${sql.timestamp(key.signsFrom)})`);
}

/** All others sign until then, and are published for a while longer. */
export async function retireOthers(db: Queries, kid: string, at: Date): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE signing_keys SET retired_at = ${sql.timestamp(at)}
    WHERE kid <> ${kid} AND retired_at IS NULL`);
}
