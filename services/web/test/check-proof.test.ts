import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { AuditProof } from '@florin/contracts';
import { expect, test } from 'vitest';
import { checkProof } from '../app/console/check-proof.ts';

/** The log as the auditor writes it, in a few lines of another hand: one chain, three records. */
const sha256 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const CHAIN = 'evt-03';
const ID = '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');

const digestOf = (record: string, place: number): Buffer =>
  sha256(`florin-audit-v1\n${CHAIN}\n${place}\n${record}`);

function proof(): AuditProof {
  const record = JSON.stringify({ type: 'x', data: { transactionId: ID } });
  const previous = sha256('before');
  const links = [digestOf('two', 8), digestOf('three', 9)];
  const hash = sha256(previous, digestOf(record, 7));
  const end = links.reduce((before, link) => sha256(before, link), hash);
  const leaf = sha256(Buffer.of(0), `${CHAIN}\n9\n`, end);
  const other = sha256('another chain');
  const merkleRoot = sha256(Buffer.of(1), other, leaf).toString('hex');
  const document = JSON.stringify({ merkleRoot, at: '2026-01-01T00:00:00Z' });
  return {
    chain: CHAIN,
    place: 7,
    record,
    previous: previous.toString('hex'),
    hash: hash.toString('hex'),
    root: {
      document,
      signature: sign(null, Buffer.from(document), privateKey).toString('base64url'),
      publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
      links: links.map((link) => link.toString('hex')),
      path: [{ side: 'left', hash: other.toString('hex') }],
    },
  };
}

type Forge = (genuine: AuditProof & { root: NonNullable<AuditProof['root']> }) => AuditProof;

test.each([
  ['nothing', (genuine) => genuine, undefined],
  ['the amount', (genuine) => ({ ...genuine, record: `${genuine.record} ` }), 'not-in-root'],
  ['its place', (genuine) => ({ ...genuine, place: 8 }), 'not-in-root'],
  ['what came before', (genuine) => ({ ...genuine, previous: '00'.repeat(32) }), 'not-in-root'],
  [
    'a later record',
    (genuine) => ({ ...genuine, root: { ...genuine.root, links: ['00'.repeat(32)] } }),
    'not-in-root',
  ],
  [
    'whom it is about',
    (genuine) => ({ ...genuine, record: genuine.record.replace(ID, 'another') }),
    'other-transaction',
  ],
  [
    'the time of the signature',
    ({ root, ...rest }) => ({
      ...rest,
      root: { ...root, document: root.document.replace('2026', '2020') },
    }),
    'not-signed',
  ],
  ['the root, away', (genuine) => ({ ...genuine, root: null }), 'no-root'],
] as [string, Forge, string | undefined][])(
  'a proof in which somebody changed %s is told apart',
  async (_what, forge, fault) => {
    expect(await checkProof(ID, forge(proof() as Parameters<Forge>[0]))).toBe(fault);
  },
);
