import { expect, test } from 'vitest';
import { claimsOfMachine, claimsOfUser } from './access-token.ts';

const user = {
  id: '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f',
  email: 'ada@example.com',
  passwordHash: 'secret',
  roles: ['user' as const],
  kycLevel: 0,
  mayWrite: true,
};
const session = {
  id: '0192f0c1-7a4b-7cc3-98c4-dc0c0c073991',
  factors: ['password', 'totp'] as const,
  authenticatedAt: new Date(1_700_000_000_500),
};

test('a token carries no personal data, because anybody who sees it can read it', () => {
  expect(claimsOfUser(user, session)).toEqual({
    sub: user.id,
    kind: 'user',
    roles: ['user'],
    scope: 'wallets:read wallets:write transactions:read transactions:write webhooks',
    sid: session.id,
    auth_time: 1_700_000_000,
    amr: ['pwd', 'otp'],
  });
});

test('who has to verify an e-mail first may look but not pay', () => {
  const { scope } = claimsOfUser({ ...user, mayWrite: false }, session);
  expect(scope).toBe('wallets:read transactions:read');
});

test('a third party gets what it was given and what the user has, and never a role', () => {
  const operator = { ...user, roles: ['user' as const, 'operator' as const] };
  const party = { clientId: 'budget-app', scopes: ['wallets:read', 'webhooks'] as const };
  expect(claimsOfUser(operator, { ...session, party })).toMatchObject({
    roles: [],
    scope: 'wallets:read webhooks',
    client_id: 'budget-app',
  });
  const greedy = { clientId: 'budget-app', scopes: ['wallets:read', 'admin'] as const };
  expect(claimsOfUser(user, { ...session, party: greedy }).scope).toBe('wallets:read');
});

test('a machine has the scopes it was granted, no roles, and its plan', () => {
  const client = {
    id: '0192f0c1-7a4b-7cc3-98c4-dc0c0c073990',
    clientId: 'shop',
    scopes: ['wallets:read' as const, 'admin' as const],
    plan: 'unlimited' as const,
  };
  expect(claimsOfMachine(client, ['wallets:read'])).toEqual({
    sub: client.id,
    kind: 'machine',
    roles: [],
    scope: 'wallets:read',
    client_id: 'shop',
    plan: 'unlimited',
  });
});

test.each([
  [0, undefined],
  [1, undefined],
  [2, 'premium'],
])('hunts more calls than somebody is trusted with: level %s has the plan %s', (kycLevel, plan) => {
  expect(claimsOfUser({ ...user, kycLevel }, session).plan).toBe(plan);
});
