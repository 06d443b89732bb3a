import { KYC_MEDIA_TYPES, KYC_STATUSES, type KycLevel, type KycStatus } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const documentRow = z.object({
  id: z.string(),
  userId: z.string(),
  kind: z.string(),
  mediaType: z.enum(KYC_MEDIA_TYPES),
  bytes: z.number().int(),
  objectName: z.string(),
  keySealed: z.instanceof(Buffer),
  status: z.enum(KYC_STATUSES),
  reason: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: z.date().nullable(),
  validUntil: z.date().nullable(),
  createdAt: z.date(),
});
export type StoredDocument = z.infer<typeof documentRow>;

const columns = sql.fragment`
  id, user_id AS "userId", kind, media_type AS "mediaType", bytes, object_name AS "objectName",
  key_sealed AS "keySealed", status, reason, decided_by AS "decidedBy",
  decided_at AS "decidedAt", valid_until AS "validUntil", created_at AS "createdAt"`;

export type NewDocument = Pick<
  StoredDocument,
  'id' | 'userId' | 'kind' | 'mediaType' | 'bytes' | 'objectName' | 'keySealed' | 'createdAt'
>;

export const insertDocument = (db: Queries, one: NewDocument): Promise<StoredDocument> =>
  db.one(sql.type(documentRow)`
    INSERT INTO kyc_documents
      (id, user_id, kind, media_type, bytes, object_name, key_sealed, status, created_at)
    VALUES (${one.id}, ${one.userId}, ${one.kind}, ${one.mediaType}, ${one.bytes},
      ${one.objectName}, ${sql.binary(one.keySealed)}, 'pending', ${sql.timestamp(one.createdAt)})
    RETURNING ${columns}`);

export const findDocument = (db: Queries, id: string): Promise<StoredDocument | null> =>
  db.maybeOne(sql.type(documentRow)`SELECT ${columns} FROM kyc_documents WHERE id = ${id}`);

/** Newest first. */
export const documentsOf = (db: Queries, userId: string): Promise<readonly StoredDocument[]> =>
  db.any(sql.type(documentRow)`
    SELECT ${columns} FROM kyc_documents WHERE user_id = ${userId} ORDER BY id DESC`);

/** Oldest first: whoever waits longest is looked at next. Ids grow with time. */
export const listDocuments = (
  db: Queries,
  { status, after, limit }: { status: KycStatus; after: string | null; limit: number },
): Promise<readonly StoredDocument[]> =>
  db.any(sql.type(documentRow)`
    SELECT ${columns} FROM kyc_documents
    WHERE status = ${status} AND (${after}::uuid IS NULL OR id > ${after}::uuid)
    ORDER BY id LIMIT ${limit}`);

export interface Verdict {
  status: 'approved' | 'rejected';
  reason: string;
  decidedBy: string;
  decidedAt: Date;
  validUntil: Date | null;
}

/** Null when somebody else has decided meanwhile. */
export const storeVerdict = (
  db: Queries,
  id: string,
  { status, reason, decidedBy, decidedAt, validUntil }: Verdict,
): Promise<StoredDocument | null> =>
  db.maybeOne(sql.type(documentRow)`
    UPDATE kyc_documents
    SET status = ${status}, reason = ${reason}, decided_by = ${decidedBy},
      decided_at = ${sql.timestamp(decidedAt)},
      valid_until = ${validUntil === null ? null : sql.timestamp(validUntil)}
    WHERE id = ${id} AND status = 'pending'
    RETURNING ${columns}`);

const userRow = z.object({ userId: z.string() });

/** Those who have an approved document whose time is over. */
export async function peopleWithEndedDocuments(
  db: Queries,
  at: Date,
  limit: number,
): Promise<string[]> {
  const rows = await db.any(sql.type(userRow)`
    SELECT DISTINCT user_id AS "userId" FROM kyc_documents
    WHERE status = 'approved' AND valid_until <= ${sql.timestamp(at)} LIMIT ${limit}`);
  return rows.map(({ userId }) => userId);
}

export async function endDocuments(db: Queries, userId: string, at: Date): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE kyc_documents SET status = 'expired'
    WHERE user_id = ${userId} AND status = 'approved' AND valid_until <= ${sql.timestamp(at)}`);
}

export async function storeKycLevel(db: Queries, userId: string, level: KycLevel): Promise<void> {
  await db.query(sql.unsafe`UPDATE users SET kyc_level = ${level} WHERE id = ${userId}`);
}

const fileRow = z.object({ id: z.string(), objectName: z.string() });

/** Files of people who were erased: nobody can open them, and nobody has to keep them. */
export const filesOfErased = (
  db: Queries,
  limit: number,
): Promise<readonly z.infer<typeof fileRow>[]> =>
  db.any(sql.type(fileRow)`
    SELECT d.id, d.object_name AS "objectName" FROM kyc_documents d
    JOIN users u ON u.id = d.user_id WHERE u.erased_at IS NOT NULL LIMIT ${limit}`);

export async function deleteDocument(db: Queries, id: string): Promise<void> {
  await db.query(sql.unsafe`DELETE FROM kyc_documents WHERE id = ${id}`);
}
