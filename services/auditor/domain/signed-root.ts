import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { assert } from '@florin/kernel';
import { z } from 'zod';
import { leafOf, merkleRoot } from './merkle-tree.ts';

/** The seed of an Ed25519 key becomes PKCS #8 by this beginning (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

const rootDocument = z.object({
  format: z.literal('florin-audit-root-v1'),
  number: z.number().int().positive(),
  at: z.iso.datetime(),
  /** SHA-256 of the document before it, hex; zeros before the first. */
  previous: z.string().length(64),
  /** All there are. */
  records: z.number().int().nonnegative(),
  merkleRoot: z.string().length(64),
  /** Chain, number of its records, hash of its last one: in order of their names. */
  heads: z.array(z.tuple([z.string(), z.number().int().positive(), z.string().length(64)])),
});
/** What a root says. The heads are signed along, so that a chain that differs can be named. */
export type RootDocument = z.infer<typeof rootDocument>;

/** A document as it was signed: its text is the evidence. */
export interface SignedRoot {
  document: string;
  keyId: string;
  signature: Buffer;
}

export interface Head {
  chain: string;
  place: number;
  hash: Buffer;
}

export const leavesOf = (heads: RootDocument['heads']): Buffer[] =>
  heads.map(([chain, place, head]) => leafOf(chain, place, Buffer.from(head, 'hex')));

export const documentHash = (document: string): string => hash('sha256', document, 'hex');

/** The text that is signed. */
export function writeRoot(
  { number, at, previous }: { number: number; at: Date; previous: string },
  heads: readonly Head[],
): string {
  const ordered = heads
    .toSorted((a, b) => (a.chain < b.chain ? -1 : 1))
    .map(({ chain, place, hash: head }): RootDocument['heads'][number] => [
      chain,
      place,
      head.toString('hex'),
    ]);
  const document: RootDocument = {
    format: 'florin-audit-root-v1',
    number,
    at: at.toISOString(),
    previous,
    records: heads.reduce((sum, { place }) => sum + place, 0),
    merkleRoot: merkleRoot(leavesOf(ordered)).toString('hex'),
    heads: ordered,
  };
  return JSON.stringify(document);
}

/** Undefined for what is no document of ours, or contradicts itself. */
export function readRoot(document: string): RootDocument | undefined {
  try {
    const read = rootDocument.parse(JSON.parse(document));
    const records = read.heads.reduce((sum, [, place]) => sum + place, 0);
    const isWhole = merkleRoot(leavesOf(read.heads)).toString('hex') === read.merkleRoot;
    return isWhole && records === read.records ? read : undefined;
  } catch {
    return undefined;
  }
}

const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
const idOf = (spki: Buffer): string => hash('sha256', spki, 'hex').slice(0, 16);

export interface RootSigner {
  keyId: string;
  sign(document: string): SignedRoot;
}

/** @throws InvariantError when the seed is not 32 bytes */
export function createRootSigner(seed: string): RootSigner & { publicKey: string } {
  const bytes = Buffer.from(seed, 'base64url');
  assert(bytes.length === SEED_BYTES, `the audit key is not ${SEED_BYTES} bytes`);
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, bytes]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = spkiOf(createPublicKey(key));
  const keyId = idOf(spki);
  return {
    keyId,
    publicKey: spki.toString('base64url'),
    sign: (document) => ({ document, keyId, signature: sign(null, Buffer.from(document), key) }),
  };
}

export interface RootVerifier {
  isGenuine(root: SignedRoot): boolean;
  /** In base64url (SPKI), where it is one of ours. */
  publicKey(keyId: string): string | undefined;
}

/** Checks roots by the keys that may have signed them. @param publicKeys SPKI in base64url */
export function createRootVerifier(publicKeys: readonly string[]): RootVerifier {
  const known = new Map(
    publicKeys.map((text) => {
      const spki = Buffer.from(text, 'base64url');
      const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
      return [idOf(spki), { key, text }];
    }),
  );
  return {
    isGenuine({ document, keyId, signature }) {
      const key = known.get(keyId)?.key;
      return key !== undefined && verify(null, Buffer.from(document), key, signature);
    },
    publicKey: (keyId) => known.get(keyId)?.text,
  };
}
