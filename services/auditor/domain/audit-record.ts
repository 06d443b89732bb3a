import { hash } from 'node:crypto';
import { isUuid } from '@florin/kernel';
import { z } from 'zod';

/** What stands before a chain's first record. */
export const NO_HASH: Buffer = Buffer.alloc(32);

/** What can be searched for. Read out of the event itself, here and at every verification. */
export interface RecordFacts {
  eventId: string;
  type: string;
  actor: string | null;
  transactionId: string | null;
  at: Date;
}

/** An event in its place. `body` is its JSON as it is kept, to the byte. */
export interface AuditRecord extends RecordFacts {
  chain: string;
  /** 1, 2, 3 … in the chain. */
  place: number;
  body: string;
  hash: Buffer;
}

const sha256 = (data: Buffer | string): Buffer => hash('sha256', data, 'buffer');

/**
 * The digest of a record's content. A chain links digests, not contents, so that a proof of one
 * record needs to show nothing of those after it.
 */
export const digestOf = (chain: string, place: number, body: string): Buffer =>
  sha256(`florin-audit-v1\n${chain}\n${place}\n${body}`);

/** The hash of a link: SHA-256 over the hash before it and the digest of the record. */
export function linkHash(previous: Buffer, digest: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(64);
  previous.copy(bytes, 0);
  digest.copy(bytes, 32);
  return sha256(bytes);
}

const searchable = z.object({
  id: z.string(),
  type: z.string(),
  time: z.string(),
  data: z
    .object({
      actorId: z.string().optional(),
      userId: z.string().optional(),
      reportedBy: z.string().optional(),
      transactionId: z.string().optional(),
      transaction: z.object({ id: z.string() }).optional(),
    })
    .optional(),
});

/** Undefined for what is no event: nothing of the kind was ever written down. */
export function factsOf(event: unknown): RecordFacts | undefined {
  const read = searchable.safeParse(event);
  if (!read.success) return undefined;
  const { id, type, time, data = {} } = read.data;
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return undefined;
  const transactionId = data.transaction?.id ?? data.transactionId;
  return {
    eventId: id,
    type,
    actor: data.actorId ?? data.reportedBy ?? data.userId ?? null,
    transactionId: transactionId !== undefined && isUuid(transactionId) ? transactionId : null,
    at,
  };
}

/** The facts of a stored body, which may be anything by now. */
export function factsOfBody(body: string): RecordFacts | undefined {
  try {
    return factsOf(JSON.parse(body));
  } catch {
    return undefined;
  }
}

export const sameFacts = (one: RecordFacts, other: RecordFacts): boolean =>
  one.eventId === other.eventId &&
  one.type === other.type &&
  one.actor === other.actor &&
  one.transactionId === other.transactionId &&
  one.at.getTime() === other.at.getTime();
