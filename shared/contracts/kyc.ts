import { z } from 'zod';
import { id, minorText, timestamp } from './schema-fields.ts';

/** How well a person is known: not at all, by a document, and by an address as well. */
export const KYC_LEVELS = [0, 1, 2] as const;
export type KycLevel = (typeof KYC_LEVELS)[number];

export const KYC_STATUSES = ['pending', 'approved', 'rejected', 'expired'] as const;
export type KycStatus = (typeof KYC_STATUSES)[number];

/** What is looked at by people and does no harm to them. */
export const KYC_MEDIA_TYPES = ['image/png', 'image/jpeg', 'application/pdf'] as const;
export type KycMediaType = (typeof KYC_MEDIA_TYPES)[number];

export const KYC_FILE_BYTES_MAX = 5 * 1024 * 1024;

/** `passport`, `identity-card`, `proof-of-address`…: what proves an address has it in its name. */
export const kycKind = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{1,39}$/, { error: 'must be a word such as passport' })
  .meta({ examples: ['passport', 'identity-card', 'proof-of-address'] });

/** A document that somebody has handed in, without its content. */
export const kycDocument = z.object({
  id,
  userId: id,
  kind: z.string(),
  mediaType: z.enum(KYC_MEDIA_TYPES),
  bytes: z.number().int(),
  status: z.enum(KYC_STATUSES),
  reason: z.string().optional().meta({ description: 'Why it was decided like this' }),
  createdAt: timestamp,
  decidedAt: timestamp.optional(),
  decidedBy: z.string().optional(),
  validUntil: timestamp.optional().meta({ description: 'Then it has to be shown again' }),
});
export type KycDocument = z.infer<typeof kycDocument>;

const page = z.object({ items: z.array(kycDocument), nextCursor: z.string().nullable() });

const refusedWith = <Code extends string>(...codes: [Code, ...Code[]]) =>
  z.object({ ok: z.literal(false), code: z.enum(codes) });

/** Where the sealed content lies, and what opens it. */
const kycFile = z.object({ objectName: z.string(), fileKey: z.string() });

/** What may be asked of identity about documents. */
export const KYC_REQUESTS = {
  /** The sealed file is in the store already; a document without its file would be no use. */
  addDocument: {
    subject: 'rpc.identity.add-kyc-document',
    request: z.object({
      userId: id,
      kind: kycKind,
      mediaType: z.enum(KYC_MEDIA_TYPES),
      bytes: z.number().int().min(1).max(KYC_FILE_BYTES_MAX),
      ...kycFile.shape,
    }),
    response: z.union([
      z.object({ ok: z.literal(true), document: kycDocument }),
      refusedWith('not-found', 'too-many-pending'),
    ]),
  },
  /** Newest first. Null when there is no such user. */
  getPerson: {
    subject: 'rpc.identity.get-kyc',
    request: z.object({ userId: id }),
    response: z.object({
      kyc: z.object({ level: z.number().int(), documents: z.array(kycDocument) }).nullable(),
    }),
  },
  /** Of all people; pending ones, longest waiting first. */
  listDocuments: {
    subject: 'rpc.identity.list-kyc-documents',
    request: z.object({
      status: z.enum(KYC_STATUSES),
      cursor: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(100),
    }),
    response: page,
  },
  getDocument: {
    subject: 'rpc.identity.get-kyc-document',
    request: z.object({ id }),
    response: z.object({ found: z.object({ document: kycDocument, file: kycFile }).nullable() }),
  },
  /** Nobody decides about themselves, and a decision is final. */
  decideDocument: {
    subject: 'rpc.identity.decide-kyc-document',
    request: z.object({
      id,
      decision: z.enum(['approve', 'reject']),
      reason: z.string().max(500),
      decidedBy: id,
      validUntil: timestamp.optional(),
    }),
    response: z.union([
      z.object({ ok: z.literal(true), document: kycDocument, level: z.number().int() }),
      refusedWith('not-found', 'already-decided', 'own-document'),
    ]),
  },
} as const;

/** How much may leave a wallet; in minor units of its currency, days and months in UTC. */
export const walletLimits = z.object({
  perTransaction: minorText,
  perDay: minorText,
  perMonth: minorText,
});
export type WalletLimits = z.infer<typeof walletLimits>;
