import type { AuditProof } from '@florin/contracts';

type Bytes = Uint8Array<ArrayBuffer>;

export type ProofFault = 'no-root' | 'other-transaction' | 'not-in-root' | 'not-signed';

const encode = (text: string): Bytes => new TextEncoder().encode(text);
const fromHex = (hex: string): Bytes =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const toHex = (bytes: Bytes): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromBase64 = (text: string): Bytes => {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

async function sha256(...parts: Bytes[]): Promise<Bytes> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

/** From the record over the rest of its chain and its path to the Merkle root, as docs/audit.md. */
async function merkleRootOf({ chain, place, record, previous }: AuditProof, root: Root) {
  const digest = await sha256(encode(`florin-audit-v1\n${chain}\n${place}\n${record}`));
  let hash = await sha256(fromHex(previous), digest);
  for (const link of root.links) hash = await sha256(hash, fromHex(link));
  const end = place + root.links.length;
  let node = await sha256(Uint8Array.of(0), encode(`${chain}\n${end}\n`), hash);
  for (const { side, hash: other } of root.path) {
    const pair = side === 'left' ? [fromHex(other), node] : [node, fromHex(other)];
    node = await sha256(Uint8Array.of(1), ...pair);
  }
  return toHex(node);
}

type Root = NonNullable<AuditProof['root']>;

async function isSigned({ document, signature, publicKey }: Root): Promise<boolean> {
  const key = await crypto.subtle.importKey('spki', fromBase64(publicKey), 'Ed25519', false, [
    'verify',
  ]);
  return crypto.subtle.verify('Ed25519', key, fromBase64(signature), encode(document));
}

interface RecordedEvent {
  data: { transaction?: { id?: string }; transactionId?: string };
}

/**
 * Checks in this browser, trusting nobody, that a record of this transaction is part of what
 * the key of the proof has signed. Undefined when it is; whose key it is has to be known otherwise.
 */
export async function checkProof(
  transactionId: string,
  proof: AuditProof,
): Promise<ProofFault | undefined> {
  const { data } = JSON.parse(proof.record) as RecordedEvent;
  if ((data.transaction?.id ?? data.transactionId) !== transactionId) return 'other-transaction';
  if (proof.root === null) return 'no-root';
  const { merkleRoot } = JSON.parse(proof.root.document) as { merkleRoot: string };
  if ((await merkleRootOf(proof, proof.root)) !== merkleRoot) return 'not-in-root';
  return (await isSigned(proof.root)) ? undefined : 'not-signed';
}
