/** Ids carry their kind in the type, so that a wallet is never passed where a user is meant. */
declare const kind: unique symbol;
type Id<K extends string> = string & { readonly [kind]: K };

export type WalletId = Id<'wallet'>;
export type TransactionId = Id<'transaction'>;
export type UserId = Id<'user'>;
/** Whoever sends requests: a user, or a machine client. Scope of an idempotency key. */
export type ClientId = Id<'client'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);

export const asWalletId = (text: string): WalletId => text as WalletId;
export const asTransactionId = (text: string): TransactionId => text as TransactionId;
export const asUserId = (text: string): UserId => text as UserId;
export const asClientId = (text: string): ClientId => text as ClientId;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Writes 16 bytes as a UUID. */
export function uuidFromBytes(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += HEX[bytes[i] as number];
  }
  return text;
}

/** The 48-bit millisecond time that a UUIDv7 starts with, or undefined for any other text. */
export function timeOfUuidv7(text: string): number | undefined {
  if (!UUID.test(text) || text[14] !== '7') return undefined;
  return Number.parseInt(text.slice(0, 8) + text.slice(9, 13), 16);
}

function writeTime(bytes: Uint8Array, timeMs: number): void {
  let rest = timeMs;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function stamp(bytes: Uint8Array, version: number): string {
  bytes[6] = ((bytes[6] as number) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return uuidFromBytes(bytes);
}

/** Random bytes are fetched for many ids at once: a call for each costs more than all the rest. */
const pool = new Uint8Array(16 * 256);
let poolUsed = pool.length;

function randomBytes16(): Uint8Array {
  if (poolUsed === pool.length) {
    crypto.getRandomValues(pool);
    poolUsed = 0;
  }
  poolUsed += 16;
  return pool.subarray(poolUsed - 16, poolUsed);
}

/** A new time-ordered UUIDv7 (RFC 9562 §5.7): neighbours in time are neighbours in an index. */
export function uuidv7(nowMs: number = Date.now()): string {
  const bytes = randomBytes16();
  writeTime(bytes, nowMs);
  return stamp(bytes, 7);
}

/**
 * Turns a digest (≥ 16 bytes) into a UUIDv8 (RFC 9562 §5.8). With `timeMs` its first 48 bits are
 * that time, which keeps derived ids in index order when what they derive from is time-ordered.
 */
export function uuidFromDigest(digest: Uint8Array, timeMs?: number): string {
  const bytes = Uint8Array.from(digest.subarray(0, 16));
  if (timeMs !== undefined) writeTime(bytes, timeMs);
  return stamp(bytes, 8);
}
