import { present } from '@florin/kernel';
import { freshDatabase } from '@florin/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedAccounts, seedClients, seedUsers } from '../seed-accounts.ts';
import { migrations, openIdentity, type IdentityUnderTest } from './open-identity.ts';

const password = 'correct horse battery';
let identity: IdentityUnderTest;

beforeAll(async () => {
  identity = await openIdentity(await freshDatabase('identity_accounts', migrations));
});
afterAll(() => identity[Symbol.asyncDispose]());

function seed(users: unknown[], clients: unknown[] = []): Promise<void> {
  return seedAccounts(identity.deps, {
    users: seedUsers.parse(users),
    clients: seedClients.parse(clients),
  });
}

const rolesOf = async (email: string): Promise<string[]> =>
  present((await identity.ask.findUserByEmail({ email })).user, 'user').roles;

describe('registering', () => {
  test('one e-mail twenty times at once opens one account', async () => {
    const spellings = ['ada@example.com', ' Ada@Example.COM '];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        identity.ask.register({
          email: present(spellings[i % 2], 'e-mail'),
          password,
          name: 'Ada',
        }),
      ),
    );
    const opened = answers.flatMap((answer) => (answer.ok ? [answer.user] : []));
    const refusals = answers.filter((answer) => !answer.ok);
    expect(opened).toHaveLength(1);
    const refusal = { ok: false, code: 'email-in-use' };
    expect(refusals).toEqual(Array.from({ length: 19 }, () => refusal));
    const user = present(opened[0], 'user');
    expect(user).toMatchObject({ email: 'ada@example.com', roles: ['user'], kycLevel: 0 });
    expect(await identity.ask.getUser({ id: user.id })).toEqual({ user });
    expect(await identity.ask.findUserByEmail({ email: 'ADA@example.com' })).toEqual({ user });
  });

  test('gives out nothing that was not asked for: no hash, no password', async () => {
    const answer = await identity.ask.register({ email: 'b@example.com', password, name: 'B' });
    if (!answer.ok) throw new Error(answer.code);
    expect(Object.keys(answer.user).toSorted()).toEqual([
      'createdAt',
      'email',
      'emailVerified',
      'id',
      'kycLevel',
      'name',
      'roles',
      'twoFactor',
    ]);
  });

  test('an unknown user is null, not a fault', async () => {
    const id = '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f';
    expect(await identity.ask.getUser({ id })).toEqual({ user: null });
    expect(await identity.ask.findUserByEmail({ email: 'x@example.com' })).toEqual({ user: null });
  });
});

describe('seeding', () => {
  const operator = { email: 'op@example.com', password, name: 'Op', roles: ['user', 'operator'] };

  test('the first operator works, and a second start changes nothing', async () => {
    await seed([operator]);
    await seed([{ ...operator, password: 'another password' }]);
    expect(await identity.ask.login({ ...operator })).toMatchObject({ ok: true });
    expect(await rolesOf(operator.email)).toEqual(['user', 'operator']);
  });

  test('never makes an operator of whoever registered the e-mail first', async () => {
    const email = 'early@example.com';
    await identity.ask.register({ email, password, name: 'Early' });
    await seed([{ ...operator, email }]);
    expect(await rolesOf(email)).toEqual(['user']);
  });
});

describe('a machine client', () => {
  const client = {
    clientId: 'shop',
    clientSecret: 'a-secret-that-is-long-enough-to-be-random',
    name: 'Shop',
    scopes: ['wallets:read', 'transactions:write'],
    plan: 'unlimited',
  };
  const { clientId, clientSecret } = client;

  test('gets the scopes it asks for and is allowed, and its plan', async () => {
    await seed([], [client]);
    const scope = 'transactions:write';
    const answer = await identity.ask.issueClientToken({ clientId, clientSecret, scope });
    if (!answer.ok) throw new Error(answer.code);
    expect(answer).toMatchObject({ scope, expiresIn: 900 });
    const claims = decodeJwt(answer.accessToken);
    expect(claims).toMatchObject({ kind: 'machine', client_id: 'shop', plan: 'unlimited', scope });
    expect(claims['roles']).toEqual([]);
  });

  test.each([
    ['with a wrong secret', { clientId, clientSecret: 'guess' }, 'invalid-client'],
    ['that does not exist', { clientId: 'ghost', clientSecret }, 'invalid-client'],
    ['whose name no database takes', { clientId: 'a\u0000b', clientSecret }, 'invalid-client'],
    ['that wants more', { clientId, clientSecret, scope: 'admin' }, 'invalid-scope'],
  ])('%s gets no token', async (_, request, code) => {
    await seed([], [client]);
    expect(await identity.ask.issueClientToken(request)).toEqual({ ok: false, code });
  });

  test('gets a new secret by the configuration and stays the owner of its wallets', async () => {
    await seed([], [client]);
    const before = await identity.ask.issueClientToken({ clientId, clientSecret });
    const renewed = { ...client, clientSecret: 'another-secret-that-is-long-enough-too' };
    await seed([], [renewed]);
    const after = await identity.ask.issueClientToken(renewed);
    if (!before.ok || !after.ok) throw new Error('no token');
    expect(decodeJwt(after.accessToken).sub).toBe(decodeJwt(before.accessToken).sub);
    expect(await identity.ask.issueClientToken({ clientId, clientSecret })).toMatchObject({
      code: 'invalid-client',
    });
  });
});
