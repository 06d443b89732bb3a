import { decodeJwt } from 'jose';
import { freshDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrations, openIdentity, type IdentityUnderTest } from './open-identity.ts';

const stack = new AsyncDisposableStack();
const account = { email: 'sue@example.com', password: 'correct horse battery staple' };
let identity: IdentityUnderTest;
let userId: string;

beforeAll(async () => {
  identity = stack.use(await openIdentity(await freshDatabase('identity_roles', migrations)));
  const registered = await identity.ask.register({ ...account, name: 'Sue' });
  if (!registered.ok) throw new Error(registered.code);
  userId = registered.user.id;
});
afterAll(() => stack.disposeAsync());

const signIn = async () => {
  const answer = await identity.ask.login(account);
  if (!answer.ok) throw new Error(answer.code);
  return answer.tokens;
};

test('hunts tokens that speak for roles somebody has no more, or not yet', async () => {
  const before = await signIn();
  expect(decodeJwt(before.accessToken)).toMatchObject({ roles: ['user'] });
  const set = await identity.ask.setRoles({ userId, roles: ['support', 'user', 'support'] });
  expect(set).toMatchObject({
    ok: true,
    before: ['user'],
    user: { id: userId, roles: ['user', 'support'] },
  });
  expect(identity.ended).toContain(decodeJwt(before.accessToken)['sid']);
  expect(await identity.ask.refresh(before)).toMatchObject({ ok: false });
  expect(decodeJwt((await signIn()).accessToken)).toMatchObject({
    roles: ['user', 'support'],
    scope: expect.stringContaining('admin') as unknown,
  });
});

test('hunts roles for somebody who does not exist', async () => {
  const nobody = '01890000-0000-7000-8000-000000000001';
  const answer = await identity.ask.setRoles({ userId: nobody, roles: ['admin'] });
  expect(answer).toEqual({ ok: false, code: 'not-found' });
});
