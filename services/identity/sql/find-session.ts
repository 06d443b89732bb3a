import { sql } from '@florin/postgres';
import type { Queries } from './queries.ts';
import { sessionColumns, sessionRow, sessions, type StoredSession } from './session-row.ts';

export const findSession = (db: Queries, id: string): Promise<StoredSession | null> =>
  db.maybeOne(sql.type(sessionRow)`
    SELECT ${sessionColumns} FROM ${sessions} WHERE s.id = ${id}`);
