import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRecords } from '../list-records.ts';
import { proveTransaction } from '../prove-transaction.ts';
import { verifyLog } from '../verify-log.ts';
import { actionOf, createBooks, openLog, type Log } from './log-surroundings.ts';

/**
 * Hunts a proof that somebody else can't check, or that still convinces them after a byte of it was
 * changed: with the script that docs/audit.md hands to third parties, as it stands there.
 */

const [, script = ''] =
  /```js\n([\s\S]+?)```/.exec(
    readFileSync(new URL('../../../docs/audit.md', import.meta.url), 'utf8'),
  ) ?? [];

let log: Log;
let dir: string;
let transactionId: string;

beforeAll(async () => {
  log = await openLog();
  dir = mkdtempSync(join(tmpdir(), 'florin-proof-'));
  writeFileSync(join(dir, 'check-proof.mjs'), script);
  const books = createBooks(3);
  await log.tell(books.wallets.map((one) => books.open(one)));
  await log.signRoot();
  const events = books.wallets.map((one) => books.deposit(one, 5n));
  transactionId = events[1]?.data.transaction.id ?? '';
  await log.tell(events);
  await log.act([actionOf('operator-1'), actionOf('operator-2', 'review-approved')]);
  await log.signRoot();
  await log.tell(books.wallets.map((one) => books.deposit(one, 6n)));
  await log.signRoot();
});
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await log[Symbol.asyncDispose]();
});

type Proof = Awaited<ReturnType<typeof proveTransaction>>[number];

/** What the script says to proofs: its output, or that it refused. */
function check(proofs: readonly Proof[], key = log.signer.publicKey): string {
  writeFileSync(join(dir, 'proof.json'), JSON.stringify({ transactionId, proofs }));
  try {
    const args = [join(dir, 'check-proof.mjs'), join(dir, 'proof.json'), key];
    return execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return `refused: ${(error as { stderr: string }).stderr.split('\n')[0] ?? ''}`;
  }
}

const prove = () => proveTransaction(log.pool, log.verifier, transactionId);

/** The same text with another character somewhere in it. */
const flip = (text: string): string =>
  text.replace(/[0-9a-zA-Z]/, (character) => (character === '0' ? '1' : '0'));

describe('a proof', () => {
  it('is checked by the script of the documents, which takes 50 lines', async () => {
    expect(script.trim().split('\n').length).toBeLessThanOrEqual(50);
    const proofs = await prove();
    expect(proofs).toHaveLength(1);
    expect(check(proofs)).toContain('in the log');
    // The root after the record, not the last one.
    expect(JSON.parse(proofs[0]?.root?.document ?? '')).toMatchObject({ number: 2 });
    expect(proofs[0]?.root?.links.length).toBeGreaterThan(0);
  });

  it.each<[string, (proof: Proof) => void]>([
    ['its record', (proof) => (proof.record = proof.record.replace('"5"', '"6"'))],
    ['the transaction it is about', () => (transactionId = flip(transactionId))],
    ['its place', (proof) => (proof.place += 1)],
    ['its chain', (proof) => (proof.chain = 'evt-09')],
    ['the link before it', (proof) => (proof.previous = flip(proof.previous))],
    ['a link after it', ({ root }) => root && (root.links[0] = flip(root.links[0] ?? ''))],
    ['the number of links', ({ root }) => root && root.links.pop()],
    [
      'the document',
      ({ root }) => root && (root.document = root.document.replace('"records":', '"records":1')),
    ],
    ['the signature', ({ root }) => root && (root.signature = flip(root.signature))],
    ['the path', ({ root }) => root && (root.path = [])],
  ])('convinces nobody when somebody changed %s', async (_, change) => {
    const before = transactionId;
    const [proof] = (await prove()) as [Proof];
    change(proof);
    expect(check([proof])).toMatch(/^refused: .+/);
    transactionId = before;
  });

  it('convinces nobody who knows another key', async () => {
    const other = (await openLog()).signer.publicKey;
    expect(check(await prove(), other)).toMatch(/^refused: .+/);
  });
});

describe('the log', () => {
  it('is listed newest first, in pages, by type and by actor', async () => {
    const types: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listRecords(log.pool, { limit: 7, cursor });
      types.push(...page.items.map(({ chain, place }) => `${chain} ${place}`));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(types).size).toBe(29);
    expect(types).toHaveLength(29);
    const { items } = await listRecords(log.pool, { actor: 'operator-2', limit: 20 });
    expect(items).toMatchObject([{ actor: 'operator-2', chain: 'audit' }]);
    const actions = await listRecords(log.pool, { type: 'florin.admin-action.v1', limit: 20 });
    expect(actions.items).toHaveLength(2);
  });

  it('is verified from a time on, by the root that was signed before it', async () => {
    const { verifier, witness } = log;
    const { rows } = await log.pool.query<{ at: Date }>('SELECT at FROM roots WHERE number = 2');
    const found = await verifyLog({ pool: log.pool, verifier, witness }, rows[0]?.at);
    expect(found).toEqual({ ok: true, records: 9, roots: 1, breaks: [] });
  });

  it('misses a root that was published', async () => {
    const { verifier, witness } = log;
    const published = await witness();
    await log.pool.query('ALTER TABLE roots DISABLE TRIGGER ALL');
    await log.pool.query('DELETE FROM roots WHERE number = 3');
    const deps = { pool: log.pool, verifier, witness: async () => published };
    const found = await verifyLog(deps);
    expect(found.breaks).toMatchObject([{ kind: 'root-missing', root: 3 }]);
  });
});
