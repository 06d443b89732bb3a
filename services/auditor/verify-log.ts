import type { AuditVerification } from '@florin/contracts';
import type pg from 'pg';
import { readChain, type ChainReader } from './read-chain.ts';
import {
  documentHash,
  readRoot,
  type RootDocument,
  type RootVerifier,
  type SignedRoot,
} from './domain/signed-root.ts';
import { readHeads } from './sql/log-records.ts';
import { rootAt, rootsAfter, type StoredRoot } from './sql/roots.ts';

/** A change, and where it lies: in a chain from the first to the last of these places. */
export type Tampering = AuditVerification['breaks'][number];

export interface Verification {
  ok: boolean;
  records: number;
  roots: number;
  breaks: Tampering[];
}

export interface VerifyDeps {
  pool: pg.Pool;
  verifier: RootVerifier;
  /** The last root that was published, from where nobody can take it back. */
  witness(): Promise<SignedRoot | undefined>;
}

const ROOTS_PAGE = 100;
/** More than anybody reads; a log with so many is not looked at one by one. */
const BREAKS_MAX = 1000;

type Report = (found: Tampering) => void;

const NO_PREVIOUS = '0'.repeat(64);

/** Every chain there is a trace of: in the log, among the ends, or in a signed root. */
const chainNames = `
  WITH RECURSIVE names AS (
    (SELECT chain FROM records ORDER BY chain LIMIT 1)
    UNION ALL
    SELECT (SELECT r.chain FROM records r WHERE r.chain > n.chain ORDER BY r.chain LIMIT 1)
      FROM names n WHERE n.chain IS NOT NULL
  )
  SELECT chain FROM names WHERE chain IS NOT NULL UNION SELECT chain FROM chains`;

/** A root by itself: its signature, its number, and that it follows from the one before. */
function checkRoot(
  verifier: RootVerifier,
  root: StoredRoot,
  expected: { number: number; previous: string | undefined },
): { document: RootDocument | undefined; breaks: Tampering[] } {
  const { number } = root;
  const breaks: Tampering[] = [];
  if (number > expected.number) {
    const detail = `roots ${expected.number} to ${number - 1} are missing`;
    breaks.push({ kind: 'root-missing', root: expected.number, detail });
  }
  const document = readRoot(root.document);
  const isGenuine = verifier.isGenuine(root);
  if (!isGenuine || document?.number !== number || Date.parse(document.at) !== root.at.getTime()) {
    const detail = `root ${number} is not what was signed`;
    return {
      document: undefined,
      breaks: [...breaks, { kind: 'root-forged', root: number, detail }],
    };
  }
  const follows = number > expected.number || expected.previous === document.previous;
  if (!follows && expected.previous !== undefined) {
    const detail = `root ${number} does not follow from the one before it`;
    breaks.push({ kind: 'root-forged', root: number, detail });
  }
  return { document, breaks };
}

/** The root that was published last, where it is of ours. */
async function readPublished({ verifier, witness }: VerifyDeps, report: Report) {
  const told = await witness();
  if (told === undefined) return undefined;
  const document = verifier.isGenuine(told) ? readRoot(told.document) : undefined;
  if (document !== undefined) return { text: told.document, document };
  report({ kind: 'root-forged', detail: 'the root that was published last is not of ours' });
  return undefined;
}

/**
 * Reads the whole log, or what came after the last root before `from`, in one snapshot and in
 * pages: recomputes every hash, every root and its signature. Finds any row that was changed,
 * removed, put in or moved, and says where. A chain that was rewritten with all its hashes differs
 * from the first root signed after the place: it lies between that and the root before.
 */
export async function verifyLog(deps: VerifyDeps, from?: Date): Promise<Verification> {
  const client = await deps.pool.connect();
  let reusable = false;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const found = await verifySnapshot(client, deps, from);
    await client.query('COMMIT');
    reusable = true;
    return found;
  } finally {
    client.release(!reusable);
  }
}

/** The same inside a database transaction, which must see one moment of the log. */
export async function verifySnapshot(
  client: pg.PoolClient,
  deps: VerifyDeps,
  from?: Date,
): Promise<Verification> {
  const breaks: Tampering[] = [];
  const report: Report = (found) => {
    if (breaks.length < BREAKS_MAX) breaks.push(found);
  };
  const base = await readBase(client, deps.verifier, from);
  const readers = await openChains(client, base.document, report);
  const published = await readPublished(deps, report);
  const missing = (number: number): void => {
    const detail = `root ${number} was published, and is not here as it was`;
    report({ kind: 'root-missing', root: number, detail });
  };

  const compare = async ({ number, heads }: RootDocument): Promise<void> => {
    for (const [chain, place, hash] of heads) {
      await readers.of(chain).compare(number, place, Buffer.from(hash, 'hex'));
    }
  };

  let { number, previous } = base;
  for await (const root of storedRoots(client, number)) {
    const checked = checkRoot(deps.verifier, root, { number: number + 1, previous });
    checked.breaks.forEach(report);
    const isPublished = published?.document.number === root.number;
    if (isPublished && published.text !== root.document) missing(root.number);
    const document = isPublished ? published.document : checked.document;
    if (document !== undefined) await compare(document);
    number = root.number;
    previous = documentHash(root.document);
  }
  if (published !== undefined && published.document.number > number) {
    missing(published.document.number);
    await compare(published.document);
  }
  const records = await readers.end();
  return { ok: breaks.length === 0, records, roots: number - base.number, breaks };
}

/** What a verification may start from: a root that is genuine, or nothing. */
async function readBase(client: pg.PoolClient, verifier: RootVerifier, from: Date | undefined) {
  const root = from && (await rootAt(client, from));
  const document = root && verifier.isGenuine(root) ? readRoot(root.document) : undefined;
  if (root === undefined || document === undefined) {
    return { number: 0, previous: NO_PREVIOUS, document: undefined };
  }
  return { number: document.number, previous: documentHash(root.document), document };
}

async function* storedRoots(client: pg.PoolClient, after: number) {
  for (let number = after; ;) {
    const page = await rootsAfter(client, number, ROOTS_PAGE);
    yield* page;
    if (page.length < ROOTS_PAGE) return;
    number = page.at(-1)?.number ?? number;
  }
}

/** A reader for each chain there is a trace of. */
async function openChains(client: pg.PoolClient, base: RootDocument | undefined, report: Report) {
  const startOf = new Map(
    base?.heads.map(([chain, place, hash]) => [chain, { place, hash: Buffer.from(hash, 'hex') }]),
  );
  const readers = new Map<string, ChainReader>();
  const of = (chain: string): ChainReader => {
    const known = readers.get(chain);
    if (known !== undefined) return known;
    const made = readChain(client, chain, startOf.get(chain), report);
    readers.set(chain, made);
    return made;
  };
  const { rows } = await client.query<{ chain: string }>(chainNames);
  for (const { chain } of rows) of(chain);

  /** Reads all to their ends. Answers how many records that were in all. */
  async function end(): Promise<number> {
    const heads = new Map((await readHeads(client)).map((head) => [head.chain, head]));
    let records = 0;
    for (const [chain, reader] of readers) {
      await reader.end(heads.get(chain));
      records += reader.records();
    }
    return records;
  }
  return { of, end };
}
