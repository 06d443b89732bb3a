import type { Role } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

export interface NewUser {
  id: string;
  wrappedKey: Buffer;
  emailIndex: Buffer;
  emailSealed: Buffer;
  nameSealed: Buffer;
  passwordHash: string;
  roles: readonly Role[];
  createdAt: Date;
  emailVerifiedAt: Date | null;
}

/**
 * Adds a user with its key, or answers false when the e-mail is taken: the unique index alone
 * decides that.
 */
export async function insertUser(db: Queries, user: NewUser): Promise<boolean> {
  const verifiedAt = user.emailVerifiedAt === null ? null : sql.timestamp(user.emailVerifiedAt);
  const added = await db.maybeOne(sql.type(z.object({ userId: z.string() }))`
    WITH added AS (
      INSERT INTO users (id, email_index, email_sealed, name_sealed, password_hash, roles,
        created_at, email_verified_at)
      VALUES (${user.id}, ${sql.binary(user.emailIndex)}, ${sql.binary(user.emailSealed)},
        ${sql.binary(user.nameSealed)}, ${user.passwordHash}, ${sql.array(user.roles, 'text')},
        ${sql.timestamp(user.createdAt)}, ${verifiedAt})
      ON CONFLICT (email_index) DO NOTHING
      RETURNING id)
    INSERT INTO user_keys (user_id, wrapped)
    SELECT id, ${sql.binary(user.wrappedKey)} FROM added
    RETURNING user_id AS "userId"`);
  return added !== null;
}
