import { z } from 'zod';
import { id, timestamp } from './schema-fields.ts';

/** An event as the audit log keeps it. */
export const auditRecordView = z.object({
  chain: z.string().meta({ description: 'Chain of the log, e.g. `evt-07`, `audit`, `idn`' }),
  place: z.number().int().positive().meta({ description: '1, 2, 3 … in its chain' }),
  type: z.string(),
  actor: z.string().optional().meta({ description: 'Who did it, where a person did' }),
  transactionId: id.optional(),
  at: timestamp,
  event: z.unknown().meta({ description: 'The CloudEvent as it was told' }),
  hash: z.string().meta({ description: 'SHA-256 of the link, hex' }),
});
export type AuditRecordView = z.infer<typeof auditRecordView>;

/** A change of the log that a verification found, and where. */
export const auditBreak = z.object({
  kind: z.enum([
    'record-changed',
    'record-missing',
    'link-broken',
    'head-differs',
    'root-differs',
    'root-missing',
    'root-forged',
  ]),
  chain: z.string().optional(),
  first: z.number().int().optional().meta({ description: 'It lies at this place or after it' }),
  last: z.number().int().optional().meta({ description: 'and at this place or before it' }),
  root: z.number().int().optional(),
  detail: z.string(),
});

export const auditVerification = z.object({
  ok: z.boolean(),
  checkedAt: timestamp,
  records: z.number().int().meta({ description: 'Read and recomputed' }),
  roots: z.number().int().meta({ description: 'Whose signatures were checked' }),
  seconds: z.number(),
  breaks: z.array(auditBreak),
});
export type AuditVerification = z.infer<typeof auditVerification>;

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** All that somebody needs who does not trust us: docs/audit.md shows how to check it. */
export const auditProof = z.object({
  chain: z.string(),
  place: z.number().int().positive(),
  record: z.string().meta({ description: 'The event, to the byte' }),
  previous: hex.meta({ description: 'Hash of the link before it' }),
  hash: hex.meta({ description: 'SHA-256(previous ‖ digest of the record)' }),
  root: z
    .object({
      document: z.string().meta({ description: 'What was signed, to the byte' }),
      signature: z.string().meta({ description: 'Ed25519, base64url' }),
      publicKey: z.string().meta({ description: 'SPKI, base64url' }),
      links: z
        .array(hex)
        .meta({ description: 'Digests of the records up to the end of the chain' }),
      path: z.array(z.object({ side: z.enum(['left', 'right']), hash: hex })),
    })
    .nullable()
    .meta({ description: 'The next signed root; null while there is none yet, a few seconds' }),
});
export type AuditProof = z.infer<typeof auditProof>;

/** What may be asked of the auditor. */
export const AUDIT_REQUESTS = {
  /** Recomputes the log: all of it, or what came after the last root before `from`. */
  verifyLog: {
    subject: 'rpc.auditor.verify-log',
    request: z.object({ from: timestamp.optional() }),
    response: auditVerification,
  },
  /** Newest first. */
  listRecords: {
    subject: 'rpc.auditor.list-records',
    request: z.object({
      type: z.string().max(100).optional(),
      actor: z.string().max(100).optional(),
      cursor: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(100),
    }),
    response: z.object({ items: z.array(auditRecordView), nextCursor: z.string().nullable() }),
  },
  /** Of every event of a transaction, in the order of its chain. Empty when there is none. */
  proveTransaction: {
    subject: 'rpc.auditor.prove-transaction',
    request: z.object({ transactionId: id }),
    response: z.object({ proofs: z.array(auditProof) }),
  },
  /** What is wrong with the books, as the events alone tell it, and how far behind them we are. */
  listBreaks: {
    subject: 'rpc.auditor.list-breaks',
    request: z.object({}),
    response: z.object({
      lagSeconds: z.number(),
      breaks: z.array(z.object({ invariant: z.string(), detail: z.string() })),
    }),
  },
} as const;
