import type { Role, User } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { userColumns, userRow } from './user-row.ts';
import type { Queries } from './queries.ts';

export interface NewUser {
  id: string;
  /** Normalised. */
  email: string;
  name: string;
  passwordHash: string;
  roles: readonly Role[];
  createdAt: Date;
}

/** Adds a user, or answers null when the e-mail is taken: the unique index alone decides that. */
export const insertUser = (db: Queries, user: NewUser): Promise<User | null> =>
  db.maybeOne(sql.type(userRow)`
    INSERT INTO users AS u (id, email, name, password_hash, roles, created_at)
    VALUES (${user.id}, ${user.email}, ${user.name}, ${user.passwordHash},
      ${sql.array(user.roles, 'text')}, ${sql.timestamp(user.createdAt)})
    ON CONFLICT (email) DO NOTHING
    RETURNING ${userColumns}`);
