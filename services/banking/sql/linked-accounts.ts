import { placeOf, sql, type PagePosition } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const row = z.object({
  id: z.string(),
  ownerId: z.string(),
  bank: z.string(),
  institution: z.string(),
  name: z.string(),
  mask: z.string(),
  createdAt: z.date(),
});
export type LinkedAccountRow = z.infer<typeof row>;

const columns = sql.fragment`
  id, owner_id AS "ownerId", bank, institution, name, mask, created_at AS "createdAt"`;

const nothing = z.object({});

/** Tokens that are over go with the next one that is given. */
export const insertLinkToken = (
  db: Queries,
  token: { hash: Buffer; ownerId: string; bank: string; expiresAt: Date },
) =>
  db.query(sql.type(nothing)`
    WITH over AS (DELETE FROM link_tokens WHERE expires_at < now())
    INSERT INTO link_tokens (token_hash, owner_id, bank, expires_at)
    VALUES (${sql.binary(token.hash)}, ${token.ownerId}, ${token.bank},
            ${sql.timestamp(token.expiresAt)})`);

/** The bank that somebody was given this token for. */
export const findLinkToken = (db: Queries, hash: Buffer, ownerId: string) =>
  db.maybeOne(sql.type(z.object({ bank: z.string() }))`
    SELECT bank FROM link_tokens
     WHERE token_hash = ${sql.binary(hash)} AND owner_id = ${ownerId} AND expires_at > now()`);

export const countLinkedAccounts = (db: Queries, ownerId: string) =>
  db.one(sql.type(z.object({ linked: z.number() }))`
    SELECT count(*)::int AS linked FROM linked_accounts
     WHERE owner_id = ${ownerId} AND removed_at IS NULL`);

export const insertLinkedAccount = (
  db: Queries,
  made: Omit<LinkedAccountRow, 'createdAt'> & { publicTokenHash: Buffer; sealed: Buffer },
) =>
  db.one(sql.type(row)`
    INSERT INTO linked_accounts (id, owner_id, bank, institution, name, mask, public_token_hash,
                                 sealed)
    VALUES (${made.id}, ${made.ownerId}, ${made.bank}, ${made.institution}, ${made.name},
            ${made.mask}, ${sql.binary(made.publicTokenHash)}, ${sql.binary(made.sealed)})
    RETURNING ${columns}`);

export const findByPublicToken = (db: Queries, hash: Buffer, ownerId: string) =>
  db.maybeOne(sql.type(row)`
    SELECT ${columns} FROM linked_accounts
     WHERE public_token_hash = ${sql.binary(hash)} AND owner_id = ${ownerId}
       AND removed_at IS NULL`);

export const findLinkedAccount = (db: Queries, id: string, ownerId: string) =>
  db.maybeOne(sql.type(row)`
    SELECT ${columns} FROM linked_accounts
     WHERE id = ${id} AND owner_id = ${ownerId} AND removed_at IS NULL`);

export const listLinkedAccounts = (
  db: Queries,
  { ownerId, limit, after }: { ownerId: string; limit: number; after: PagePosition | undefined },
) =>
  db.any(sql.type(row)`
    SELECT ${columns} FROM linked_accounts
     WHERE owner_id = ${ownerId} AND removed_at IS NULL
       AND (created_at, id) < ${placeOf(after)}
     ORDER BY created_at DESC, id DESC LIMIT ${limit + 1}`);

export const removeLinkedAccount = (db: Queries, id: string, ownerId: string) =>
  db.maybeOne(sql.type(z.object({ id: z.string() }))`
    UPDATE linked_accounts SET removed_at = now()
     WHERE id = ${id} AND owner_id = ${ownerId} AND removed_at IS NULL RETURNING id`);

/** Somebody wants to be forgotten. */
export const removeAccountsOf = (db: Queries, ownerId: string) =>
  db.query(sql.type(nothing)`
    UPDATE linked_accounts SET removed_at = now()
     WHERE owner_id = ${ownerId} AND removed_at IS NULL`);

const sealedRow = z.object({
  ownerId: z.string(),
  sealed: z.instanceof(Buffer).nullable(),
  removed: z.boolean(),
});

/** What the bank knows an account by. A removed one is only looked up for payments under way. */
export const findSealed = (db: Queries, id: string, bank: string) =>
  db.maybeOne(sql.type(sealedRow)`
    SELECT owner_id AS "ownerId", sealed, removed_at IS NOT NULL AS removed FROM linked_accounts
     WHERE id = ${id} AND bank = ${bank}`);

/** Removed some time ago, and no payment waits for its bank any more. */
export const findForgettable = (db: Queries, afterMs: number) =>
  db.any(sql.type(z.object({ id: z.string(), sealed: z.instanceof(Buffer) }))`
    SELECT id, sealed FROM linked_accounts l
     WHERE removed_at < now() - ${afterMs} * interval '1 ms' AND sealed IS NOT NULL
       AND NOT EXISTS (SELECT FROM payments p
                        WHERE p.bank = l.bank AND p.account = l.id::text
                          AND p.state IN ('requested', 'asked', 'unknown'))
     ORDER BY removed_at LIMIT 100`);

export const forgetLinkedAccount = (db: Queries, id: string) =>
  db.query(sql.type(nothing)`
    UPDATE linked_accounts SET sealed = NULL, institution = '', name = '', mask = ''
     WHERE id = ${id} AND removed_at IS NOT NULL`);
