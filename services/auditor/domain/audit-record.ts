import { hash } from 'node:crypto';
import { isUuid } from '@florin/kernel';

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

/** Who did it, or whose it is, under the name that the event has for it: the first one counts. */
const ACTORS = ['actorId', 'reportedBy', 'userId', 'requesterId', 'ownerId'] as const;
type Actor = (typeof ACTORS)[number];

/** What of an event may be searched for. Anything may come here, so nothing of it is believed. */
interface Searchable {
  id?: unknown;
  type?: unknown;
  time?: unknown;
  data?: Partial<Record<Actor | 'transactionId', unknown>> & {
    transaction?: { id?: unknown } | null;
  };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Undefined for what is no event: nothing of the kind was ever written down. */
export function factsOf(event: unknown): RecordFacts | undefined {
  if (typeof event !== 'object' || event === null) return undefined;
  const { id, type, time, data } = event as Searchable;
  const eventId = textOf(id);
  const name = textOf(type);
  const at = new Date(textOf(time) ?? Number.NaN);
  if (eventId === undefined || name === undefined || Number.isNaN(at.getTime())) return undefined;
  const transactionId = textOf(data?.transaction?.id) ?? textOf(data?.transactionId);
  return {
    eventId,
    type: name,
    actor: ACTORS.map((field) => textOf(data?.[field])).find((one) => one !== undefined) ?? null,
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
