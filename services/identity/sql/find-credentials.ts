import { sql } from '@florin/postgres';
import { z } from 'zod';
import { userColumns, userRow } from './user-row.ts';
import type { Queries } from './queries.ts';

const credentialsRow = userRow.extend({ passwordHash: z.string() });
export type Credentials = z.infer<typeof credentialsRow>;

/** A user with the hash of the password. The hash goes no further than the check. */
export const findCredentials = (db: Queries, email: string): Promise<Credentials | null> =>
  db.maybeOne(sql.type(credentialsRow)`
    SELECT ${userColumns}, u.password_hash AS "passwordHash"
    FROM users u WHERE u.email = ${email}`);
