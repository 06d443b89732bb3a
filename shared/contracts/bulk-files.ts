import { z } from 'zod';
import { pageOf } from './rest.ts';
import { amountInput, id, metadata, plainText, timestamp } from './schema-fields.ts';

/** Files of payments: one transfer a line, as NDJSON. */

/** A line of such a file: as `POST /v1/transfers`, by wallet. */
export const bulkLine = z.strictObject({
  fromWalletId: id,
  toWalletId: id,
  amount: amountInput,
  description: plainText(500).optional(),
  metadata: metadata.optional(),
});
export type BulkLine = z.output<typeof bulkLine>;

/** Room for every field at its longest; what is longer is no line. */
export const BULK_LINE_BYTES_MAX = 65_536;

export const BULK_FILE_STATUSES = [
  'uploading',
  'running',
  'paused',
  'completed',
  'cancelled',
] as const;
export type BulkFileStatus = (typeof BULK_FILE_STATUSES)[number];

const count = z.number().int().nonnegative();
export const bulkCounts = z.object({
  completed: count,
  held: count.meta({ description: 'Wait for a person; their transactions tell what comes of it' }),
  failed: count.meta({ description: 'Refused, each with its code' }),
  invalid: count.meta({ description: 'No transfer that could be asked for: nothing was sent' }),
});
export type BulkCounts = z.infer<typeof bulkCounts>;

export const bulkFile = z.object({
  id,
  status: z.enum(BULK_FILE_STATUSES),
  bytes: count,
  lines: count,
  done: count.meta({ description: 'Lines that have a result' }),
  counts: bulkCounts,
  createdAt: timestamp,
  startedAt: timestamp.optional(),
  finishedAt: timestamp.optional(),
});
export type BulkFile = z.infer<typeof bulkFile>;

export const BULK_LINE_STATUSES = ['completed', 'held', 'failed', 'invalid', 'cancelled'] as const;
/** One line of the result file. */
export const bulkLineResult = z.object({
  line: z.number().int().positive(),
  status: z.enum(BULK_LINE_STATUSES),
  transactionId: id.optional(),
  code: z.string().optional().meta({ description: 'Why it failed, or `validation-failed`' }),
  detail: z.string().optional(),
});
export type BulkLineResult = z.infer<typeof bulkLineResult>;

const refusedWith = <Code extends string>(...codes: [Code, ...Code[]]) =>
  z.object({ refused: z.enum(codes), detail: z.string() });
const found = z.object({ file: bulkFile.nullable() });
/** Of one uploader, or anybody's: machine clients see all. */
const visible = { id, ownerId: id.nullable() };

/** What may be asked of payments about files. */
export const BULK_FILE_REQUESTS = {
  /** Under an id that is there already: the same file, as far as it came. */
  beginBulkFile: {
    subject: 'rpc.payments.begin-bulk-file',
    request: z.object({ id, ownerId: id, everyWallet: z.boolean() }),
    response: z.union([z.object({ file: bulkFile }), refusedWith('too-many')]),
  },
  /** The next piece, whole lines only. A piece that is there already must be the same. */
  appendBulkPiece: {
    subject: 'rpc.payments.append-bulk-piece',
    request: z.object({
      id,
      number: z.number().int().positive(),
      firstLine: z.number().int().positive(),
      lines: z.number().int().positive(),
      text: z.string(),
    }),
    response: z.union([z.object({ stored: z.literal(true) }), refusedWith('key-reused')]),
  },
  /** All of it is here: the work begins. A file of other size than before is another one. */
  finishBulkUpload: {
    subject: 'rpc.payments.finish-bulk-upload',
    request: z.object({ id, pieces: count, lines: count, bytes: count }),
    response: z.union([z.object({ file: bulkFile }), refusedWith('key-reused')]),
  },
  getBulkFile: {
    subject: 'rpc.payments.get-bulk-file',
    request: z.object(visible),
    response: found,
  },
  /** Newest first. */
  listBulkFiles: {
    subject: 'rpc.payments.list-bulk-files',
    request: z.object({
      ownerId: id.nullable(),
      cursor: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(100),
    }),
    response: pageOf(bulkFile),
  },
  setBulkFileStatus: {
    subject: 'rpc.payments.set-bulk-file-status',
    request: z.object({ ...visible, to: z.enum(['running', 'paused', 'cancelled']) }),
    response: z.union([found, refusedWith('settled')]),
  },
  /**
   * Results of one piece as NDJSON, in the order of its lines: null where it has none yet, and
   * behind the last piece.
   */
  readBulkResults: {
    subject: 'rpc.payments.read-bulk-results',
    request: z.object({ ...visible, piece: z.number().int().positive() }),
    response: z.object({ text: z.string().nullable() }),
  },
} as const;
