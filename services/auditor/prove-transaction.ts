import type { AuditProof } from '@florin/contracts';
import type pg from 'pg';
import { digestOf } from './domain/audit-record.ts';
import { merklePath } from './domain/merkle-tree.ts';
import { leavesOf, readRoot, type RootDocument, type RootVerifier } from './domain/signed-root.ts';
import { lastRoot, rootNumber, type StoredRoot } from './sql/roots.ts';

/** Events of one transaction: it is opened, waits, and ends. */
const RECORDS_MAX = 20;
/** Links from a record to its root. A root is signed long before there are so many. */
const LINKS_MAX = 20_000;

interface RecordRow {
  chain: string;
  place: bigint;
  body: string;
  hash: Buffer;
}

const placeIn = (document: RootDocument | undefined, chain: string): number =>
  document?.heads.find(([name]) => name === chain)?.[1] ?? 0;

/** The first root that covers a place, by halving: the heads of roots only grow. */
async function firstRootOver(
  pool: pg.Pool,
  chain: string,
  place: number,
): Promise<StoredRoot | undefined> {
  const covers = (root: StoredRoot | undefined): boolean =>
    root !== undefined && placeIn(readRoot(root.document), chain) >= place;
  let found = await lastRoot(pool);
  if (found === undefined || !covers(found)) return undefined;
  let low = 1;
  for (let high = found.number; low < high;) {
    const middle = Math.floor((low + high) / 2);
    const root = await rootNumber(pool, middle);
    if (covers(root)) [high, found] = [middle, root];
    else low = middle + 1;
  }
  return found;
}

async function proofOf(
  pool: pg.Pool,
  verifier: RootVerifier,
  record: RecordRow,
): Promise<AuditProof> {
  const { chain, body } = record;
  const place = Number(record.place);
  const previous = await pool.query<{ hash: Buffer }>(
    'SELECT hash FROM records WHERE chain = $1 AND place = $2',
    [chain, place - 1],
  );
  const proof: AuditProof = {
    chain,
    place,
    record: body,
    previous: (previous.rows[0]?.hash ?? Buffer.alloc(32)).toString('hex'),
    hash: record.hash.toString('hex'),
    root: null,
  };
  const root = await firstRootOver(pool, chain, place);
  const document = root && readRoot(root.document);
  if (root === undefined || document === undefined) return proof;
  const links = await pool.query<{ place: bigint; body: string }>(
    `SELECT place, body FROM records WHERE chain = $1 AND place > $2 AND place <= $3
      ORDER BY place LIMIT $4`,
    [chain, place, placeIn(document, chain), LINKS_MAX],
  );
  const index = document.heads.findIndex(([name]) => name === chain);
  return {
    ...proof,
    root: {
      document: root.document,
      signature: root.signature.toString('base64url'),
      publicKey: verifier.publicKey(root.keyId) ?? '',
      links: links.rows.map((row) => digestOf(chain, Number(row.place), row.body).toString('hex')),
      path: merklePath(leavesOf(document.heads), index).map(({ side, hash }) => ({
        side,
        hash: hash.toString('hex'),
      })),
    },
  };
}

/**
 * What a third party needs to see that the events of a transaction are in the log, and nothing of
 * anybody else: the records, the digests of those after them, and the next signed root. A record
 * that no root covers yet has none: it will within seconds.
 */
export async function proveTransaction(
  pool: pg.Pool,
  verifier: RootVerifier,
  transactionId: string,
): Promise<AuditProof[]> {
  const { rows } = await pool.query<RecordRow>(
    `SELECT chain, place, body, hash FROM records
      WHERE transaction_id = $1 ORDER BY chain, place LIMIT $2`,
    [transactionId, RECORDS_MAX],
  );
  const proofs: AuditProof[] = [];
  for (const row of rows) proofs.push(await proofOf(pool, verifier, row));
  return proofs;
}
