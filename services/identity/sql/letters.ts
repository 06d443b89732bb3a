import { letter, LETTER_KINDS, type LetterKind } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

/** What is sealed of a letter. */
export const letterContent = letter.pick({
  to: true,
  subject: true,
  text: true,
  translations: true,
});

export interface NewLetter {
  id: string;
  userId: string;
  kind: LetterKind;
  sealed: Buffer;
  createdAt: Date;
}

export async function insertLetter(db: Queries, one: NewLetter): Promise<void> {
  await db.query(sql.unsafe`
    INSERT INTO letters (id, user_id, kind, sealed, created_at)
    VALUES (${one.id}, ${one.userId}, ${one.kind}, ${sql.binary(one.sealed)},
      ${sql.timestamp(one.createdAt)})`);
}

const letterRow = z.object({
  id: z.string(),
  userId: z.string(),
  kind: z.enum(LETTER_KINDS),
  sealed: z.instanceof(Buffer),
  createdAt: z.date(),
  wrappedKey: z.instanceof(Buffer),
});
export type StoredLetter = z.infer<typeof letterRow>;

const letters = sql.fragment`
  SELECT l.id, l.user_id AS "userId", l.kind, l.sealed, l.created_at AS "createdAt",
    k.wrapped AS "wrappedKey"
  FROM letters l JOIN user_keys k ON k.user_id = l.user_id`;

export const findLetter = (db: Queries, id: string): Promise<StoredLetter | null> =>
  db.maybeOne(sql.type(letterRow)`${letters} WHERE l.id = ${id}`);

/** Newest first; ids grow with time. */
export const listLetters = (
  db: Queries,
  { before, limit }: { before: string | null; limit: number },
): Promise<readonly StoredLetter[]> =>
  db.any(sql.type(letterRow)`
    ${letters} WHERE ${before}::uuid IS NULL OR l.id < ${before}::uuid
    ORDER BY l.id DESC LIMIT ${limit}`);

export const lettersOf = (db: Queries, userId: string): Promise<readonly StoredLetter[]> =>
  db.any(sql.type(letterRow)`${letters} WHERE l.user_id = ${userId} ORDER BY l.id`);

export async function deleteOldLetters(db: Queries, before: Date): Promise<void> {
  await db.query(sql.unsafe`DELETE FROM letters WHERE created_at < ${sql.timestamp(before)}`);
}
