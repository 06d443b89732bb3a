import { present } from '@florin/kernel';
import { sql } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sweepSessions } from '../sessions/sweep-sessions.ts';
import { migrations, openIdentity, type IdentityUnderTest } from './open-identity.ts';

const password = 'correct horse battery';
let identity: IdentityUnderTest;
let email: string;
let people = 0;

beforeAll(async () => {
  identity = await openIdentity(await freshDatabase('identity_sessions', migrations));
});
afterAll(() => identity[Symbol.asyncDispose]());

beforeEach(async () => {
  email = `person-${++people}@example.com`;
  expect(await identity.ask.register({ email, password, name: 'Ada' })).toMatchObject({ ok: true });
});

async function signIn(): Promise<string> {
  const answer = await identity.ask.login({ email, password });
  if (!answer.ok) throw new Error(answer.code);
  return answer.tokens.refreshToken;
}

async function refresh(refreshToken: string): Promise<string> {
  const answer = await identity.ask.refresh({ refreshToken });
  return answer.ok ? answer.tokens.refreshToken : answer.code;
}

async function verified(accessToken: string) {
  const { keys } = await identity.ask.getKeys({});
  return jwtVerify(accessToken, createLocalJWKSet({ keys }), {
    issuer: 'https://florin.test',
    audience: 'florin',
    algorithms: ['EdDSA'],
    currentDate: new Date(identity.clock.nowMs()),
  });
}

describe('signing in', () => {
  test('gives an access token that the published keys verify, for fifteen minutes', async () => {
    const answer = await identity.ask.login({ email: ` ${email.toUpperCase()} `, password });
    if (!answer.ok) throw new Error(answer.code);
    const { payload } = await verified(answer.tokens.accessToken);
    const { user } = await identity.ask.findUserByEmail({ email });
    expect(payload).toMatchObject({ sub: present(user, 'user').id, kind: 'user', roles: ['user'] });
    expect(present(payload.exp, 'exp') - present(payload.iat, 'iat')).toBe(900);
    expect(answer.tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
  });

  test('does the same work for an unknown e-mail, so that time reveals no account', async () => {
    const verify = vi.spyOn(identity.passwords, 'verify');
    const unknown = await identity.ask.login({ email: 'nobody@example.com', password });
    const known = await identity.ask.login({ email, password: 'wrong horse' });
    expect(unknown).toEqual({ ok: false, code: 'invalid-credentials' });
    expect(known).toEqual(unknown);
    expect(verify.mock.calls).toEqual([
      [undefined, password],
      [expect.stringMatching(/^\$argon2id\$/), 'wrong horse'],
    ]);
    verify.mockRestore();
  });
});

describe('a refresh token', () => {
  test('is stored as a hash only: the table signs nobody in', async () => {
    const token = await signIn();
    const { rows } = await identity.database.hot.query<{ row: string }>(
      'SELECT t::text AS row FROM refresh_tokens t',
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ row }) => row.includes(token))).toBe(false);
    expect(token).toMatch(/^[\w-]{43}$/);
  });

  test('is exchanged once, and the next one goes on', async () => {
    const second = await refresh(await signIn());
    const third = await refresh(second);
    expect(await refresh(third)).toMatch(/^[\w-]{43}$/);
  });

  test('used again ends its whole family, the living token included, and no other', async () => {
    const first = await signIn();
    const otherDevice = await signIn();
    const second = await refresh(first);
    expect(await refresh(first)).toBe('token-reused');
    expect(await refresh(second)).toBe('unauthenticated');
    expect(await refresh(otherDevice)).toMatch(/^[\w-]{43}$/);
  });

  // Several rounds, because in the first one connections are still being opened one by one.
  test.each([1, 2, 3])('shown twenty times at once is exchanged exactly once, %i', async () => {
    const token = await signIn();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(token)));
    const refused = answers.filter((answer) => answer === 'token-reused');
    const [winner, ...others] = answers.filter((answer) => answer !== 'token-reused');
    expect(refused).toHaveLength(19);
    expect(winner).toMatch(/^[\w-]{43}$/);
    expect(others).toEqual([]);
    // The others were a re-use, so what the winner got is dead as well.
    expect(await refresh(present(winner, 'winner'))).toBe('unauthenticated');
  });

  test('that nobody issued is refused', async () => {
    expect(await refresh('made up')).toBe('unauthenticated');
  });

  test('gives tokens with the roles of today', async () => {
    const token = await signIn();
    await identity.database.slonik.query(sql.unsafe`
      UPDATE users SET roles = ARRAY['user', 'operator']
      WHERE email_index = ${sql.binary(identity.vault.blindIndex('email', email))}`);
    const answer = await identity.ask.refresh({ refreshToken: token });
    if (!answer.ok) throw new Error(answer.code);
    const { payload } = await verified(answer.tokens.accessToken);
    expect(payload).toMatchObject({ roles: ['user', 'operator'] });
    expect(payload['scope']).toMatch(/ admin$/);
  });

  test('dies with the log-out, which may be asked for twice', async () => {
    const used = await signIn();
    const living = await refresh(used);
    // Any token of the family ends it, for instance the one a client still had in memory.
    expect(await identity.ask.logout({ refreshToken: used })).toEqual({ ok: true });
    expect(await identity.ask.logout({ refreshToken: used })).toEqual({ ok: true });
    expect(await identity.ask.logout({ refreshToken: 'made up' })).toEqual({ ok: true });
    expect(await refresh(living)).toBe('unauthenticated');
  });
});

test('a session ends after its lifetime however often it was refreshed, and is swept', async () => {
  await using late = await openIdentity(await freshDatabase('identity_late', migrations));
  await late.ask.register({ email, password, name: 'Ada' });
  const first = await late.ask.login({ email, password });
  if (!first.ok) throw new Error(first.code);
  late.advanceMs(3_599_000);
  const second = await late.ask.refresh({ refreshToken: first.tokens.refreshToken });
  if (!second.ok) throw new Error(second.code);
  late.advanceMs(1_000);
  const ended = { ok: false, code: 'unauthenticated' };
  expect(await late.ask.refresh(second.tokens)).toEqual(ended);
  expect(await late.ask.refresh(first.tokens)).toEqual(ended);
  const db = late.database.slonik;
  expect(await sweepSessions({ db, clock: late.clock })).toBe(1);
  expect(await db.exists(sql.unsafe`SELECT FROM refresh_tokens`)).toBe(false);
  expect(await late.ask.refresh(second.tokens)).toEqual(ended);
});
