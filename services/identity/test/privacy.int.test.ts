import { present } from '@florin/kernel';
import { createPool } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVault } from '../domain/vault.ts';
import { rewrapKeys } from '../keys/rewrap-keys.ts';
import { sealPlainRows } from '../keys/seal-plain-rows.ts';
import { eraseDue } from '../privacy/erase-user.ts';
import { sweepAll } from '../sessions/sweep-sessions.ts';
import { migrations, openIdentity, testVault, type IdentityUnderTest } from './open-identity.ts';

const password = 'correct horse battery';
const DAY_MS = 86_400_000;
const from = { address: '203.0.113.7', userAgent: 'Browser of Ada' };
const keyOf = (fill: number): string => Buffer.alloc(32, fill).toString('base64url');

let identity: IdentityUnderTest;
let people = 0;
beforeAll(async () => {
  const url = await freshDatabase('identity_privacy', migrations);
  identity = await openIdentity(url, { erasureWaitMs: 14 * DAY_MS });
});
afterAll(() => identity[Symbol.asyncDispose]());

async function signedUp(one = identity) {
  const email = `person-${++people}@example.com`;
  const registered = await one.ask.register({ email, password, name: `Person ${people}` });
  if (!registered.ok) throw new Error(registered.code);
  return { email, userId: registered.user.id, sessionId: await signIn(email, one) };
}

async function signIn(email: string, one = identity): Promise<string> {
  const answer = await one.ask.login({ email, password, from });
  if (!answer.ok) throw new Error(answer.code);
  const [, payload = ''] = answer.tokens.accessToken.split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sid: string }).sid;
}

/** Every row of every table, as a dump shows it. */
async function dump({ database }: IdentityUnderTest): Promise<string> {
  const { rows: tables } = await database.hot.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  const lines: string[] = [];
  for (const { name } of tables) {
    const { rows } = await database.hot.query<{ line: string }>(
      `SELECT t::text AS line FROM "${name}" t`,
    );
    lines.push(...rows.map(({ line }) => line));
  }
  return lines.join('\n');
}

describe('hunts personal data at rest', () => {
  test('a dump of the database shows nobody, not even those who are here', async () => {
    const { email, userId } = await signedUp();
    const text = await dump(identity);
    expect(text).toContain(userId);
    for (const datum of [email, `Person ${people}`, from.address, from.userAgent]) {
      expect(text).not.toContain(datum);
      expect(text).not.toContain(Buffer.from(datum).toString('hex'));
    }
  });

  test('what a version before stored in plain is sealed once, and everybody signs in', async () => {
    const url = await freshDatabase('identity_plain', migrations);
    const passwordHash = await identity.passwords.hash(password);
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const jwk = JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'old', alg: 'EdDSA' });
    const pool = await createPool({ url, applicationName: 'plain' });
    const { hot, slonik: db } = pool;
    await hot.query(
      `INSERT INTO users (id, email, name, password_hash, roles, created_at)
       SELECT gen_random_uuid(), 'plain-' || n || '@example.com', 'Plain ' || n, $1,
         ARRAY['user'], now() FROM generate_series(1, 450) n`,
      [passwordHash],
    );
    await hot.query(
      `INSERT INTO signing_keys (kid, private_jwk, created_at)
      VALUES ('old', $1, now())`,
      [jwk],
    );
    const deps = { db, vault: testVault };
    const sealed = await Promise.all([sealPlainRows(deps), sealPlainRows(deps)]);
    expect(sealed[0] + sealed[1]).toBe(450);
    expect(await sealPlainRows(deps)).toBe(0);
    await pool.end();
    await using later = await openIdentity(url);
    const text = await dump(later);
    expect(text).not.toContain('plain-');
    expect(text).not.toContain('Plain ');
    expect(text).not.toContain('"d"');
    await signIn('plain-17@example.com', later);
    const { user } = await later.ask.findUserByEmail({ email: 'Plain-450@example.com' });
    expect(user).toMatchObject({ name: 'Plain 450' });
    expect((await later.ask.getKeys({})).keys).toMatchObject([{ kid: 'old' }]);
  });
});

describe('hunts an erasure that takes too much, too little, or comes too soon', () => {
  test('after the waiting period the key is gone, and the address is free', async () => {
    const { email, userId, sessionId } = await signedUp();
    expect(await identity.ask.mayErase({ userId, sessionId })).toEqual({ ok: true });
    const asked = await identity.ask.eraseUser({ userId, sessionId });
    expect(asked).toMatchObject({ ok: true, eraseAfter: expect.any(String) as unknown });
    expect(identity.ended).toContain(sessionId);
    expect(await eraseDue(identity.deps)).toBe(0);
    expect((await identity.ask.getUser({ id: userId })).user).not.toBeNull();
    identity.advanceMs(14 * DAY_MS);
    expect(await eraseDue(identity.deps)).toBe(1);
    expect(await identity.ask.getUser({ id: userId })).toEqual({ user: null });
    expect(await identity.ask.findUserByEmail({ email })).toEqual({ user: null });
    expect(await identity.ask.login({ email, password })).toMatchObject({
      code: 'invalid-credentials',
    });
    const { rows } = await identity.database.hot.query<{ event: { data: object } }>(
      `SELECT event FROM outbox WHERE subject = 'idn.user-erased'`,
    );
    expect(rows.map(({ event }) => event.data)).toEqual([{ userId }]);
    expect(await identity.ask.register({ email, password, name: 'New' })).toMatchObject({
      ok: true,
    });
  });

  test('signing in within it calls the erasure off', async () => {
    const { email, userId, sessionId } = await signedUp();
    await identity.ask.eraseUser({ userId, sessionId });
    await signIn(email);
    identity.advanceMs(15 * DAY_MS);
    expect(await eraseDue(identity.deps)).toBe(0);
    expect((await identity.ask.getUser({ id: userId })).user).toMatchObject({ email });
  });

  test('who must be kept by law is kept, even when the wish came before the hold', async () => {
    const { userId, sessionId } = await signedUp();
    await identity.ask.eraseUser({ userId, sessionId });
    expect(await identity.ask.setLegalHold({ userId, held: true })).toEqual({ ok: true });
    identity.advanceMs(15 * DAY_MS);
    expect(await eraseDue(identity.deps)).toBe(0);
    const later = await signedUp();
    await identity.ask.setLegalHold({ userId: later.userId, held: true });
    const refused = { ok: false, code: 'legal-hold' };
    expect(await identity.ask.eraseUser(later)).toEqual(refused);
    expect(await identity.ask.mayErase(later)).toEqual(refused);
    await identity.ask.setLegalHold({ userId, held: false });
    expect(await eraseDue(identity.deps)).toBe(1);
  });

  test('nobody is erased in the session of somebody else, or of long ago', async () => {
    const { userId } = await signedUp();
    const other = await signedUp();
    const foreign = { userId, sessionId: other.sessionId };
    expect(await identity.ask.eraseUser(foreign)).toMatchObject({ code: 'unauthenticated' });
    identity.advanceMs(600_001);
    expect(await identity.ask.eraseUser(other)).toMatchObject({ code: 'step-up-required' });
    const wrong = await identity.ask.stepUp({ ...other, password: 'wrong' });
    expect(wrong).toMatchObject({ code: 'invalid-credentials' });
    expect(await identity.ask.stepUp({ ...other, password })).toMatchObject({ ok: true });
    expect(await identity.ask.eraseUser(other)).toMatchObject({ ok: true });
  });
});

test('hunts something that is held and not exported, or exported and a secret', async () => {
  const { email, userId, sessionId } = await signedUp();
  const decision = { userId, purpose: 'news', version: '2', granted: true };
  await identity.ask.recordConsent(decision);
  await identity.ask.recordConsent({ ...decision, granted: false });
  const exported = await identity.ask.exportPerson({ userId, sessionId });
  if (!exported.ok) throw new Error(exported.code);
  expect(exported.person).toMatchObject({
    profile: { id: userId, email },
    sessions: [{ id: sessionId, address: from.address, userAgent: from.userAgent }],
    consents: [{ granted: false }, { granted: true }],
    letters: [{ kind: 'verify-email', to: email }],
  });
  const text = JSON.stringify(exported.person);
  expect(text).not.toContain('argon2');
  expect(text).not.toContain('#token=');
});

test('hunts letters, tokens and buckets that are kept for ever', async () => {
  await signedUp();
  identity.advanceMs(61 * DAY_MS);
  await sweepAll(identity.deps);
  const { rows } = await identity.database.hot.query<{ left: bigint }>(
    `SELECT (SELECT count(*) FROM letters) + (SELECT count(*) FROM letter_tokens)
       + (SELECT count(*) FROM sign_in_buckets) + (SELECT count(*) FROM sessions) AS left`,
  );
  expect(String(present(rows[0], 'row').left)).toBe('0');
});

test('hunts a master key that is still needed after it was rotated out', async () => {
  const url = await freshDatabase('identity_rotation', migrations);
  const old = createVault({ masterKeys: { m1: keyOf(1) }, indexKey: keyOf(2) });
  const both = createVault({ masterKeys: { m2: keyOf(3), m1: keyOf(1) }, indexKey: keyOf(2) });
  const fresh = createVault({ masterKeys: { m2: keyOf(3) }, indexKey: keyOf(2) });
  await using before = await openIdentity(url, {}, old);
  const users = [await signedUp(before), await signedUp(before), await signedUp(before)];
  const deps = { db: before.database.slonik, vault: both };
  // Three users and the key that signs.
  expect(await rewrapKeys(deps)).toBe(4);
  expect(await rewrapKeys(deps)).toBe(0);
  await using after = await openIdentity(url, {}, fresh);
  for (const { email, userId } of users) {
    expect((await after.ask.getUser({ id: userId })).user).toMatchObject({ email });
    await signIn(email, after);
  }
});
