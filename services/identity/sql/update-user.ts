import type { Role } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

/** The first time counts. */
export async function markEmailVerified(db: Queries, userId: string, at: Date): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE users SET email_verified_at = ${sql.timestamp(at)}
    WHERE id = ${userId} AND email_verified_at IS NULL`);
}

const idRow = z.object({ id: z.string() });

/** False when somebody else has the address. */
export async function storeEmail(
  db: Queries,
  email: { userId: string; index: Buffer; sealed: Buffer; at: Date },
): Promise<boolean> {
  const stored = await db.maybeOne(sql.type(idRow)`
    UPDATE users SET email_index = ${sql.binary(email.index)},
      email_sealed = ${sql.binary(email.sealed)}, email_verified_at = ${sql.timestamp(email.at)}
    WHERE id = ${email.userId}
      AND NOT EXISTS (SELECT FROM users WHERE email_index = ${sql.binary(email.index)})
    RETURNING id`);
  return stored !== null;
}

export async function storePassword(
  db: Queries,
  { userId, passwordHash, at }: { userId: string; passwordHash: string; at: Date },
): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE users SET password_hash = ${passwordHash}, password_changed_at = ${sql.timestamp(at)}
    WHERE id = ${userId}`);
}

export async function storeRoles(
  db: Queries,
  userId: string,
  roles: readonly Role[],
): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE users SET roles = ${sql.array([...roles], 'text')} WHERE id = ${userId}`);
}

export async function storeName(db: Queries, userId: string, nameSealed: Buffer): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE users SET name_sealed = ${sql.binary(nameSealed)} WHERE id = ${userId}`);
}
