import { sql } from '@florin/postgres';
import type { Queries } from './queries.ts';
import { storedUserColumns, storedUserRow, storedUsers, type StoredUser } from './user-row.ts';

export const findUser = (db: Queries, id: string): Promise<StoredUser | null> =>
  db.maybeOne(sql.type(storedUserRow)`
    SELECT ${storedUserColumns} FROM ${storedUsers} WHERE u.id = ${id}`);

/**
 * The same until the database transaction ends: nobody else changes the user meanwhile. Whoever
 * waited for the lock sees the row as it is now, with the key as it was: that an erased user is
 * nobody must be asked of the row.
 */
export const lockUser = (db: Queries, id: string): Promise<StoredUser | null> =>
  db.maybeOne(sql.type(storedUserRow)`
    SELECT ${storedUserColumns} FROM ${storedUsers} 
    WHERE u.id = ${id} AND u.erased_at IS NULL FOR UPDATE OF u`);
