import type { KycDocument } from '@florin/contracts';
import type { StoredDocument } from '../sql/kyc-documents.ts';

/** The name under which the key of a file is sealed. */
export const fileKeyField = (objectName: string): string => `kyc-file:${objectName}`;

/** A document as others see it: nothing of its file. */
export const documentView = (stored: StoredDocument): KycDocument => ({
  id: stored.id,
  userId: stored.userId,
  kind: stored.kind,
  mediaType: stored.mediaType,
  bytes: stored.bytes,
  status: stored.status,
  ...(stored.reason !== null && { reason: stored.reason }),
  createdAt: stored.createdAt.toISOString(),
  ...(stored.decidedAt !== null && { decidedAt: stored.decidedAt.toISOString() }),
  ...(stored.decidedBy !== null && { decidedBy: stored.decidedBy }),
  ...(stored.validUntil !== null && { validUntil: stored.validUntil.toISOString() }),
});
