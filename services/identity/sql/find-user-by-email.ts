import type { User } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { userColumns, userRow } from './user-row.ts';
import type { Queries } from './queries.ts';

/** `email` is normalised. */
export const findUserByEmail = (db: Queries, email: string): Promise<User | null> =>
  db.maybeOne(sql.type(userRow)`SELECT ${userColumns} FROM users u WHERE u.email = ${email}`);
