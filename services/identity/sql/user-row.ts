import { user } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';

/** The columns of a user `u` that leave this service, named as the contract names them. */
export const userColumns = sql.fragment`
  u.id, u.email, u.name, u.roles, u.kyc_level AS "kycLevel", u.created_at AS "createdAt"`;

export const userRow = user.extend({
  createdAt: z.date().transform((date) => date.toISOString()),
});
