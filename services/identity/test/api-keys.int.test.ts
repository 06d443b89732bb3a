import type { Role } from '@florin/contracts';
import { present } from '@florin/kernel';
import { freshDatabase } from '@florin/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sweepAll } from '../sessions/sweep-sessions.ts';
import { migrations, openIdentity, type IdentityUnderTest } from './open-identity.ts';

const password = 'correct horse battery';
const DAY_MS = 24 * 3_600_000;
let identity: IdentityUnderTest;
let people = 0;

beforeAll(async () => {
  const settings = { sessionLifetimeMs: 400 * DAY_MS };
  identity = await openIdentity(await freshDatabase('identity_api_keys', migrations), settings);
});
afterAll(() => identity[Symbol.asyncDispose]());

/** Somebody new who has just signed in. */
async function somebody(...roles: Role[]) {
  const email = `owner-${++people}@example.com`;
  const registered = await identity.ask.register({ email, password, name: 'Ada' });
  if (!registered.ok) throw new Error(registered.code);
  await identity.ask.setRoles({ userId: registered.user.id, roles: ['user', ...roles] });
  const answer = await identity.ask.login({ email, password });
  if (!answer.ok) throw new Error(answer.code);
  const { sub = '', sid } = decodeJwt<{ sid: string }>(answer.tokens.accessToken);
  return { userId: sub, sessionId: sid };
}
type Owner = Awaited<ReturnType<typeof somebody>>;

const WISH = { name: 'Bookkeeping', scopes: ['wallets:read', 'transactions:read'] } as const;

async function makeKey(owner: Owner, expiresInDays = 90) {
  const wish = { ...WISH, scopes: [...WISH.scopes], expiresInDays };
  const answer = await identity.ask.createApiKey({ ...owner, ...wish });
  if (!answer.ok) throw new Error(answer.code);
  const { apiKey, clientSecret } = answer;
  const signIn = (scope?: string) =>
    identity.ask.issueClientToken({
      clientId: apiKey.clientId,
      clientSecret,
      ...(scope === undefined ? {} : { scope }),
    });
  return { apiKey, clientSecret, signIn };
}
const REFUSED = { ok: false, code: 'invalid-client' };

describe('hunts a key that may more than its owner gave it', () => {
  test('it is its owner, within its scopes, and nobody of the staff', async () => {
    const owner = await somebody('admin');
    const { apiKey, signIn } = await makeKey(owner);
    const answer = await signIn();
    if (!answer.ok) throw new Error(answer.code);
    expect(decodeJwt(answer.accessToken)).toMatchObject({
      sub: owner.userId,
      kind: 'user',
      roles: [],
      scope: WISH.scopes.join(' '),
      client_id: apiKey.clientId,
      sid: apiKey.id,
    });
  });

  test('it asks for fewer scopes, and never for others', async () => {
    const { signIn } = await makeKey(await somebody());
    expect(await signIn('wallets:read')).toMatchObject({ ok: true, scope: 'wallets:read' });
    expect(await signIn('transactions:write')).toEqual({ ok: false, code: 'invalid-scope' });
    expect(await signIn('admin')).toEqual({ ok: false, code: 'invalid-scope' });
  });

  test('it makes no other key, and ends nothing of its owner', async () => {
    const owner = await somebody();
    const { apiKey } = await makeKey(owner);
    const asKey = { userId: owner.userId, sessionId: apiKey.id };
    const wish = { name: 'Another', scopes: ['webhooks' as const], expiresInDays: 1 };
    expect(await identity.ask.createApiKey({ ...asKey, ...wish })).toEqual({
      ok: false,
      code: 'unauthenticated',
    });
    const own = { userId: owner.userId, id: owner.sessionId };
    expect(await identity.ask.removeApiKey(own)).toEqual({ ok: false, code: 'not-found' });
  });

  test('without a fresh proof of who asks there is none', async () => {
    const owner = await somebody();
    identity.advanceMs(700_000);
    const wish = { ...WISH, scopes: [...WISH.scopes], expiresInDays: 1 };
    expect(await identity.ask.createApiKey({ ...owner, ...wish })).toEqual({
      ok: false,
      code: 'step-up-required',
    });
  });

  test('twenty and no more, however many are wished for at once', async () => {
    const owner = await somebody();
    const made = await Promise.allSettled(Array.from({ length: 24 }, () => makeKey(owner)));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  });
});

describe('hunts a key that works when it should not any more', () => {
  test('removed by its owner alone, and gateways hear of it', async () => {
    const owner = await somebody();
    const { apiKey, signIn } = await makeKey(owner);
    const byStranger = { userId: (await somebody()).userId, id: apiKey.id };
    expect(await identity.ask.removeApiKey(byStranger)).toEqual({ ok: false, code: 'not-found' });
    expect(await signIn()).toMatchObject({ ok: true });
    const own = { userId: owner.userId, id: apiKey.id };
    expect(await identity.ask.removeApiKey(own)).toEqual({ ok: true });
    expect(identity.ended).toContain(apiKey.id);
    expect(await signIn()).toEqual(REFUSED);
    expect(await identity.ask.removeApiKey(own)).toEqual({ ok: false, code: 'not-found' });
  });

  test('a new password ends it, and so does erasure', async () => {
    const careful = await somebody();
    const first = await makeKey(careful);
    const change = { currentPassword: password, newPassword: 'an entirely new one' };
    expect(await identity.ask.changePassword({ ...careful, ...change })).toEqual({ ok: true });
    expect(await first.signIn()).toEqual(REFUSED);
    const leaving = await somebody();
    const second = await makeKey(leaving);
    expect(await identity.ask.eraseUser(leaving)).toMatchObject({ ok: true });
    expect(await second.signIn()).toEqual(REFUSED);
  });

  test('after its time it is refused, and then nothing is left of it', async () => {
    const owner = await somebody();
    const { apiKey, signIn } = await makeKey(owner, 1);
    const lasting = await makeKey(owner, 365);
    identity.advanceMs(DAY_MS - 1000);
    expect(await signIn()).toMatchObject({ ok: true });
    identity.advanceMs(2000);
    expect(await signIn()).toEqual(REFUSED);
    const { apiKeys } = await identity.ask.listApiKeys(owner);
    expect(apiKeys.map(({ id }) => id)).toEqual([lasting.apiKey.id]);
    await sweepAll(identity.deps);
    const { rows } = await identity.database.hot.query<{ client: string }>(
      'SELECT client_id AS client FROM machine_clients',
    );
    const clients = rows.map(({ client }) => client);
    expect(clients).toContain(lasting.apiKey.clientId);
    expect(clients).not.toContain(apiKey.clientId);
  });

  test('with another secret, or none, it is nobody', async () => {
    const { apiKey } = await makeKey(await somebody());
    const clientSecret = 'x'.repeat(43);
    const guess = { clientId: apiKey.clientId, clientSecret };
    expect(await identity.ask.issueClientToken(guess)).toEqual(REFUSED);
  });
});

describe('hunts what a list shows that it should not', () => {
  test('its owner sees it with its last use, beside the sessions and not among them', async () => {
    const owner = await somebody();
    const { apiKey, clientSecret, signIn } = await makeKey(owner);
    const listed = async () => (await identity.ask.listApiKeys(owner)).apiKeys;
    expect(await listed()).toEqual([apiKey]);
    expect(apiKey).toMatchObject({ ...WISH, lastUsedAt: null });
    identity.advanceMs(5000);
    await signIn();
    const [used] = await listed();
    expect(Date.parse(present(used?.lastUsedAt, 'last use'))).toBeGreaterThan(0);
    const { sessions } = await identity.ask.listSessions(owner);
    expect(sessions.map(({ id }) => id)).toEqual([owner.sessionId]);
    const { rows } = await identity.database.hot.query<{ row: string }>(
      `SELECT c::text || s::text AS row FROM machine_clients c
        JOIN sessions s ON s.client_id = c.id`,
    );
    const found = rows.filter(({ row }) => row.includes(clientSecret) || row.includes(WISH.name));
    expect(found).toEqual([]);
  });
});
