import { sql } from '@florin/postgres';
import type { Queries } from './queries.ts';
import { storedUserColumns, storedUserRow, storedUsers, type StoredUser } from './user-row.ts';

export const findUser = (db: Queries, id: string): Promise<StoredUser | null> =>
  db.maybeOne(sql.type(storedUserRow)`
    SELECT ${storedUserColumns} FROM ${storedUsers} WHERE u.id = ${id}`);

/** The same until the database transaction ends: nobody else changes the user meanwhile. */
export const lockUser = (db: Queries, id: string): Promise<StoredUser | null> =>
  db.maybeOne(sql.type(storedUserRow)`
    SELECT ${storedUserColumns} FROM ${storedUsers} WHERE u.id = ${id} FOR UPDATE OF u`);
