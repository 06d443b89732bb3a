import { createHmac, randomBytes } from 'node:crypto';
import { assert, present } from '@florin/kernel';
import { seal, SEALING_KEY_BYTES, unseal } from '@florin/runtime';

/** Seals what is known of one user. Fields have names, and a value opens only under its own. */
export interface UserKey {
  seal(field: string, text: string): Buffer;
  open(field: string, sealed: Buffer): string;
  sealBytes(field: string, content: Buffer): Buffer;
  openBytes(field: string, sealed: Buffer): Buffer;
}

/**
 * Envelope encryption: a key per user, wrapped by a master key. Data of nobody in particular (the
 * private parts of signing keys) is wrapped by the master key itself.
 */
export interface Vault {
  newUserKey(userId: string): { key: UserKey; wrapped: Buffer };
  userKey(userId: string, wrapped: Buffer): UserKey;
  /** Finds a value without holding it: the same text under the same purpose has the same index. */
  blindIndex(purpose: string, text: string): Buffer;
  wrap(label: string, content: Buffer): Buffer;
  unwrap(label: string, wrapped: Buffer): Buffer;
  /** Wraps under today's master key what is under an older one; undefined when it is not. */
  rewrap(label: string, wrapped: Buffer): Buffer | undefined;
}

/** By key id, in base64url. The first one wraps, all unwrap: two while they rotate. */
export type MasterKeys = Record<string, string>;

const KID = /^[A-Za-z0-9._-]{1,64}$/;

/** `length of kid | kid | sealed` */
const withKid = (kid: string, sealed: Buffer): Buffer =>
  Buffer.concat([Buffer.of(kid.length), Buffer.from(kid, 'ascii'), sealed]);

function splitKid(wrapped: Buffer): { kid: string; sealed: Buffer } {
  const end = 1 + present(wrapped[0], 'the length of a key id');
  return { kid: wrapped.toString('ascii', 1, end), sealed: wrapped.subarray(end) };
}

function secretBytes(name: string, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  assert(bytes.length === SEALING_KEY_BYTES, `${name} does not have ${SEALING_KEY_BYTES} bytes`);
  return bytes;
}

export const userKeyLabel = (userId: string): string => `user-key:${userId}`;

function userKeyOf(userId: string, key: Buffer): UserKey {
  const label = (field: string): string => `${userId}:${field}`;
  return {
    seal: (field, text) => seal(key, label(field), Buffer.from(text)),
    open: (field, sealed) => unseal(key, label(field), sealed).toString(),
    sealBytes: (field, content) => seal(key, label(field), content),
    openBytes: (field, sealed) => unseal(key, label(field), sealed),
  };
}

export function createVault(options: { masterKeys: MasterKeys; indexKey: string }): Vault {
  const masters = new Map(
    Object.entries(options.masterKeys).map(([kid, text]) => {
      assert(KID.test(kid), `the master key id ${kid} is malformed`);
      return [kid, secretBytes(`master key ${kid}`, text)];
    }),
  );
  const [current = ''] = masters.keys();
  const indexKey = secretBytes('the index key', options.indexKey);
  const master = (kid: string): Buffer => present(masters.get(kid), `master key ${kid}`);

  const wrap = (label: string, content: Buffer): Buffer =>
    withKid(current, seal(master(current), label, content));

  function unwrap(label: string, wrapped: Buffer): Buffer {
    const { kid, sealed } = splitKid(wrapped);
    return unseal(master(kid), label, sealed);
  }

  return {
    newUserKey(userId) {
      const bytes = randomBytes(SEALING_KEY_BYTES);
      return { key: userKeyOf(userId, bytes), wrapped: wrap(userKeyLabel(userId), bytes) };
    },
    userKey: (userId, wrapped) => userKeyOf(userId, unwrap(userKeyLabel(userId), wrapped)),
    blindIndex: (purpose, text) =>
      createHmac('sha256', indexKey).update(`${purpose}\n${text}`).digest(),
    wrap,
    unwrap,
    rewrap: (label, wrapped) =>
      splitKid(wrapped).kid === current ? undefined : wrap(label, unwrap(label, wrapped)),
  };
}
