import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

export type TokenPurpose = 'verify-email' | 'reset-password' | 'change-email';

/** Those sent before for the same purpose work no more. */
export async function insertLetterToken(
  db: Queries,
  token: {
    hash: Buffer;
    userId: string;
    purpose: TokenPurpose;
    expiresAt: Date;
    emailSealed?: Buffer | undefined;
  },
): Promise<void> {
  const { hash, userId, purpose, expiresAt, emailSealed } = token;
  await db.query(sql.unsafe`
    DELETE FROM letter_tokens WHERE user_id = ${userId} AND purpose = ${purpose}`);
  await db.query(sql.unsafe`
    INSERT INTO letter_tokens (hash, user_id, purpose, expires_at, email_sealed)
    VALUES (${sql.binary(hash)}, ${userId}, ${purpose}, ${sql.timestamp(expiresAt)},
      ${emailSealed === undefined ? null : sql.binary(emailSealed)})`);
}

const ownerRow = z.object({
  userId: z.string(),
  emailSealed: z.instanceof(Buffer).nullable(),
});
export type TokenOwner = z.infer<typeof ownerRow>;

/** Whose token it is, while it works. */
export const findLetterToken = (
  db: Queries,
  { hash, purpose, at }: { hash: Buffer; purpose: TokenPurpose; at: Date },
): Promise<TokenOwner | null> =>
  db.maybeOne(sql.type(ownerRow)`
    SELECT user_id AS "userId", email_sealed AS "emailSealed" FROM letter_tokens
    WHERE hash = ${sql.binary(hash)} AND purpose = ${purpose}
      AND expires_at > ${sql.timestamp(at)}`);

/** Uses a token up. Of several at the same time one gets the owner. */
export const useLetterToken = (
  db: Queries,
  { hash, purpose, at }: { hash: Buffer; purpose: TokenPurpose; at: Date },
): Promise<TokenOwner | null> =>
  db.maybeOne(sql.type(ownerRow)`
    DELETE FROM letter_tokens
    WHERE hash = ${sql.binary(hash)} AND purpose = ${purpose}
      AND expires_at > ${sql.timestamp(at)}
    RETURNING user_id AS "userId", email_sealed AS "emailSealed"`);

export async function deleteOldLetterTokens(db: Queries, at: Date): Promise<void> {
  await db.query(sql.unsafe`
    DELETE FROM letter_tokens WHERE expires_at <= ${sql.timestamp(at)}`);
}
