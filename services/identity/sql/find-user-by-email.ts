import { sql } from '@florin/postgres';
import type { Queries } from './queries.ts';
import { storedUserColumns, storedUserRow, storedUsers, type StoredUser } from './user-row.ts';

export const findUserByEmail = (db: Queries, emailIndex: Buffer): Promise<StoredUser | null> =>
  db.maybeOne(sql.type(storedUserRow)`
    SELECT ${storedUserColumns} FROM ${storedUsers}
    WHERE u.email_index = ${sql.binary(emailIndex)}`);
