import { createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { assert, ok, refuse } from '@florin/kernel';
import type { Result } from '@florin/kernel';
import { HEADERS } from './headers.ts';
import type { Incoming } from './incoming.ts';

const KEY_BYTES_MIN = 32;
const VERSION = 'v1';
/** Base64url of an HMAC-SHA-256: 32 bytes. */
const SIGNATURE = /^v1,([A-Za-z0-9._-]{1,64}),([A-Za-z0-9_-]{43})$/;
const TIME = /^[0-9]{1,15}$/;

/** What a signature vouches for, besides its key and its time. */
export interface SignedFields {
  messageId: string;
  /** Of a batch: the type of its first event. */
  type: string;
  /** Of a batch: the wallet in the subject. */
  wallet: string;
  partition: number;
  body: Uint8Array | string;
}

export interface Signature {
  /** Header Florin-Signature: `v1,<kid>,<base64url>`. */
  signature: string;
  /** Header Florin-Time: milliseconds since 1970. */
  time: string;
}

export type Signer = (fields: SignedFields) => Signature;

export type SignatureRefusal = 'missing' | 'malformed' | 'unknown-key' | 'mismatch';

/**
 * Whoever owns the key that signed. The caller decides whether that service may say such a thing.
 */
export interface Signatory {
  service: string;
  kid: string;
}

export type Verifier = (
  fields: SignedFields,
  received: { signature: string | undefined; time: string | undefined },
) => Result<Signatory, SignatureRefusal>;

/** Keys by producing service and key id, in base64url, 32 bytes or more: two while they rotate. */
export type SigningKeys = Record<string, Record<string, string>>;

function secretKey(kid: string, text: string): KeyObject {
  const bytes = Buffer.from(text, 'base64url');
  assert(/^[A-Za-z0-9._-]{1,64}$/.test(kid), `the signing key id ${kid} is malformed`);
  assert(
    bytes.length >= KEY_BYTES_MIN,
    `signing key ${kid} is shorter than ${KEY_BYTES_MIN} bytes`,
  );
  // A key object is prepared once; a buffer would cost 13 µs more for every message.
  return createSecretKey(bytes);
}

// A field with a line break could pretend to be two fields.
const isOneLine = (text: string): boolean => !text.includes('\n');

function mac(key: KeyObject, kid: string, time: string, fields: SignedFields): Buffer {
  const { messageId, type, wallet, partition, body } = fields;
  const text =
    `${VERSION}\n${kid}\n${time}\n${messageId}\n${type}\n${wallet}\n${partition}\n` +
    hash('sha256', body, 'hex');
  return createHmac('sha256', key).update(text).digest();
}

/**
 * Signs as one service. `nowMs` is told to the receiver and covered by the signature; age alone
 * never makes a receiver reject (queues may be late: transaction ids stop replays).
 */
export function createSigner(options: { kid: string; key: string; nowMs?: () => number }): Signer {
  const { kid, nowMs = Date.now } = options;
  const key = secretKey(kid, options.key);
  return (fields) => {
    const { messageId, type, wallet } = fields;
    assert(
      isOneLine(messageId) && isOneLine(type) && isOneLine(wallet),
      'a signed field has lines',
    );
    const time = String(nowMs());
    const digest = mac(key, kid, time, fields).toString('base64url');
    return { signature: `${VERSION},${kid},${digest}`, time };
  };
}

/**
 * Checks signatures in constant time and names the service that signed.
 * @throws InvariantError when a key is too short or two services share a key id
 */
export function createVerifier(keys: SigningKeys): Verifier {
  const known = new Map<string, { service: string; key: KeyObject }>();
  for (const [service, ofService] of Object.entries(keys)) {
    for (const [kid, text] of Object.entries(ofService)) {
      assert(!known.has(kid), `two signing keys are called ${kid}`);
      known.set(kid, { service, key: secretKey(kid, text) });
    }
  }
  return (fields, { signature, time }) => {
    if (!signature || !time) return refuse('missing');
    const [, kid, digest] = SIGNATURE.exec(signature) ?? [];
    if (kid === undefined || digest === undefined || !TIME.test(time)) return refuse('malformed');
    if (![fields.messageId, fields.type, fields.wallet].every(isOneLine))
      return refuse('malformed');
    const owner = known.get(kid);
    if (owner === undefined) return refuse('unknown-key');
    const expected = mac(owner.key, kid, time, fields);
    const matches = timingSafeEqual(expected, Buffer.from(digest, 'base64url'));
    return matches ? ok({ service: owner.service, kid }) : refuse('mismatch');
  };
}

/** Who signed a message of a stream, if it says truly whose and what it is. */
export const signatoryOf = (
  verify: Verifier,
  message: Incoming,
  place: Pick<SignedFields, 'wallet' | 'partition'>,
): Result<Signatory, SignatureRefusal> =>
  verify(
    {
      messageId: message.id ?? '',
      type: message.header(HEADERS.type) ?? '',
      wallet: place.wallet,
      partition: place.partition,
      body: message.body,
    },
    { signature: message.header(HEADERS.signature), time: message.header(HEADERS.time) },
  );
