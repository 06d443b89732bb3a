import { expect, test } from 'vitest';
import { claimsOfMachine, claimsOfUser } from './access-token.ts';

const user = {
  id: '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f',
  email: 'ada@example.com',
  name: 'Ada',
  roles: ['user' as const],
  kycLevel: 0,
  createdAt: '2025-01-15T00:00:00.000Z',
};

test('a token carries no personal data, because anybody who sees it can read it', () => {
  expect(claimsOfUser({ ...user, passwordHash: 'secret' } as typeof user)).toEqual({
    sub: user.id,
    kind: 'user',
    roles: ['user'],
    scope: 'wallets:read wallets:write transactions:read transactions:write webhooks',
  });
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
