import { sql } from '@florin/postgres';
import type { JWK } from 'jose';
import { z } from 'zod';
import type { GeneratedKey } from '../adapters/generate-signing-key.ts';
import type { Queries } from './queries.ts';

const plainUserRow = z.object({ id: z.string(), email: z.string(), name: z.string() });
const plainKeyRow = z.object({ kid: z.string(), jwk: z.custom<JWK>() });

export const listPlainUsers = (
  db: Queries,
  limit: number,
): Promise<readonly z.infer<typeof plainUserRow>[]> =>
  db.any(sql.type(plainUserRow)`
    SELECT id, email, name FROM users WHERE email IS NOT NULL
    ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED`);

export interface SealedUser {
  id: string;
  wrapped: Buffer;
  emailIndex: Buffer;
  emailSealed: Buffer;
  nameSealed: Buffer;
}

export async function sealPlainUser(db: Queries, user: SealedUser): Promise<void> {
  await db.query(sql.unsafe`
    INSERT INTO user_keys (user_id, wrapped) VALUES (${user.id}, ${sql.binary(user.wrapped)})`);
  await db.query(sql.unsafe`
    UPDATE users SET email = NULL, name = NULL, email_index = ${sql.binary(user.emailIndex)},
      email_sealed = ${sql.binary(user.emailSealed)}, name_sealed = ${sql.binary(user.nameSealed)}
    WHERE id = ${user.id}`);
}

export const listPlainSigningKeys = (
  db: Queries,
): Promise<readonly z.infer<typeof plainKeyRow>[]> =>
  db.any(sql.type(plainKeyRow)`
    SELECT kid, private_jwk AS jwk FROM signing_keys WHERE private_jwk IS NOT NULL`);

export async function sealPlainSigningKey(
  db: Queries,
  { kid, publicJwk, privateSealed }: GeneratedKey,
): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE signing_keys SET public_jwk = ${JSON.stringify(publicJwk)}::jsonb, private_jwk = NULL,
      private_sealed = ${sql.binary(privateSealed)}
    WHERE kid = ${kid} AND private_jwk IS NOT NULL`);
}
