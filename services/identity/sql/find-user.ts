import type { User } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { userColumns, userRow } from './user-row.ts';
import type { Queries } from './queries.ts';

export const findUser = (db: Queries, id: string): Promise<User | null> =>
  db.maybeOne(sql.type(userRow)`SELECT ${userColumns} FROM users u WHERE u.id = ${id}`);
