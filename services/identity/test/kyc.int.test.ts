import { uuidv7 } from '@florin/kernel';
import { sql } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { endOldApprovals, removeFilesOfErased } from '../kyc/decide-document.ts';
import { createKycCases, type KycCases } from '../kyc/kyc-cases.ts';
import { migrations, openIdentity, type IdentityUnderTest } from './open-identity.ts';

const stack = new AsyncDisposableStack();
let identity: IdentityUnderTest;
let kyc: KycCases;
const reviewer = uuidv7();
const FILE_KEY = 'the-key-of-a-file';

beforeAll(async () => {
  identity = stack.use(await openIdentity(await freshDatabase('identity_kyc', migrations)));
  kyc = createKycCases(identity.deps);
});
afterAll(() => stack.disposeAsync());

async function register(): Promise<string> {
  const email = `${uuidv7()}@example.com`;
  const answer = await identity.ask.register({
    email,
    name: 'Ada',
    password: 'correct horse battery staple',
  });
  if (!answer.ok) throw new Error(answer.code);
  return answer.user.id;
}

async function handIn(userId: string, kind: string) {
  const answer = await kyc.addDocument({
    userId,
    kind,
    mediaType: 'image/png',
    bytes: 10,
    objectName: uuidv7(),
    fileKey: FILE_KEY,
  });
  if (!answer.ok) throw new Error(answer.code);
  return answer.document;
}

const decide = (id: string, decision: 'approve' | 'reject' = 'approve', validUntil?: string) =>
  kyc.decideDocument({
    id,
    decision,
    reason: 'as seen',
    decidedBy: reviewer,
    ...(validUntil !== undefined && { validUntil }),
  });

const levelOf = async (userId: string) => (await kyc.getPerson({ userId })).kyc?.level;

/** What others were told about somebody's level. */
async function told(userId: string): Promise<unknown[]> {
  const rows = await identity.database.slonik.any(sql.type(z.object({ data: z.unknown() }))`
    SELECT event -> 'data' AS data FROM outbox
    WHERE subject = 'idn.kyc-level-changed' AND event -> 'data' ->> 'userId' = ${userId}
    ORDER BY position`);
  return rows.map(({ data }) => data);
}

describe('hunts a level that nobody has decided', () => {
  test('it follows decisions, and others hear of each change once', async () => {
    const userId = await register();
    expect(await levelOf(userId)).toBe(0);
    const passport = await handIn(userId, 'passport');
    expect(passport.status).toBe('pending');
    expect(await levelOf(userId)).toBe(0);
    expect(await decide(passport.id)).toMatchObject({ ok: true, level: 1 });
    const bill = await handIn(userId, 'proof-of-address');
    expect(await decide(bill.id, 'reject')).toMatchObject({ ok: true, level: 1 });
    const another = await handIn(userId, 'proof-of-address');
    expect(await decide(another.id)).toMatchObject({ ok: true, level: 2 });
    expect(await told(userId)).toEqual([
      { userId, from: 0, to: 1 },
      { userId, from: 1, to: 2 },
    ]);
  });

  test('two reviewers who decide at once: one is heard', async () => {
    const { id } = await handIn(await register(), 'passport');
    const answers = await Promise.all([decide(id, 'approve'), decide(id, 'reject')]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ code: 'already-decided' });
  });

  test('nobody decides about themselves', async () => {
    const userId = await register();
    const { id } = await handIn(userId, 'passport');
    const own = { id, decision: 'approve', reason: 'it is me', decidedBy: userId } as const;
    expect(await kyc.decideDocument(own)).toEqual({ ok: false, code: 'own-document' });
    expect(await levelOf(userId)).toBe(0);
  });

  test('when a document ends, so does its level', async () => {
    const userId = await register();
    const { id } = await handIn(userId, 'passport');
    const soon = new Date(identity.clock.nowMs() + 60_000).toISOString();
    await decide(id, 'approve', soon);
    await endOldApprovals(identity.deps);
    expect(await levelOf(userId)).toBe(1);
    identity.advanceMs(61_000);
    await endOldApprovals(identity.deps);
    expect((await kyc.getPerson({ userId })).kyc).toMatchObject({
      level: 0,
      documents: [{ status: 'expired' }],
    });
    expect(await told(userId)).toContainEqual({ userId, from: 1, to: 0 });
  });
});

describe('hunts files that somebody opens who must not', () => {
  test('the key of a file is not readable in the database, and opens for reviewers', async () => {
    const { id } = await handIn(await register(), 'passport');
    const { keySealed } = await identity.database.slonik.one(
      sql.type(z.object({ keySealed: z.instanceof(Buffer) }))`
        SELECT key_sealed AS "keySealed" FROM kyc_documents WHERE id = ${id}`,
    );
    expect(keySealed.toString('latin1')).not.toContain(FILE_KEY);
    const { found } = await kyc.getDocument({ id });
    expect(found?.file.fileKey).toBe(FILE_KEY);
  });

  test('of an erased person nothing opens, and the file is removed', async () => {
    const userId = await register();
    const { id } = await handIn(userId, 'passport');
    await identity.database.slonik.query(
      sql.unsafe`DELETE FROM user_keys WHERE user_id = ${userId}`,
    );
    await identity.database.slonik.query(sql.unsafe`
      UPDATE users SET erased_at = now(), email_index = NULL, email_sealed = NULL,
        name_sealed = NULL, password_hash = NULL WHERE id = ${userId}`);
    expect(await kyc.getDocument({ id })).toEqual({ found: null });
    const removed: string[] = [];
    await removeFilesOfErased(identity.deps, { remove: async (name) => void removed.push(name) });
    expect(removed).toHaveLength(1);
    expect((await kyc.getPerson({ userId })).kyc).toBeNull();
  });

  test('nobody buries the reviewers in documents', async () => {
    const userId = await register();
    for (let at = 0; at < 10; at++) await handIn(userId, 'passport');
    await expect(handIn(userId, 'passport')).rejects.toThrow('too-many-pending');
  });
});
