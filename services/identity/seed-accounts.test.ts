import { describe, expect, test } from 'vitest';
import { seedClients, seedUsers } from './seed-accounts.ts';

const user = { email: ' Op@Example.com ', password: 'long enough', name: 'Op' };
const client = {
  clientId: 'shop',
  clientSecret: 'x'.repeat(32),
  name: 'Shop',
  scopes: ['wallets:read'],
};

describe('mistakes in the seeds stop the start', () => {
  test.each([
    ['a weak password', { ...user, password: 'short' }],
    ['a text that is no e-mail', { ...user, email: 'op' }],
    ['an unknown role', { ...user, roles: ['root'] }],
    ['a misspelt field', { ...user, role: 'operator' }],
  ])('a user with %s', (_, seed) => expect(seedUsers.safeParse([seed]).success).toBe(false));

  test.each([
    ['a secret short enough to be guessed', { ...client, clientSecret: 'x'.repeat(31) }],
    ['neither secret nor redirect address', { ...client, clientSecret: undefined }],
    ['a redirect address without TLS', { ...client, redirectUris: ['http://app.example/cb'] }],
    ['a redirect address that runs code', { ...client, redirectUris: ['javascript:alert(1)'] }],
    ['a redirect address with a fragment', { ...client, redirectUris: ['https://a.example/#b'] }],
    ['an unknown scope', { ...client, scopes: ['everything'] }],
    ['a name that could not sign in', { ...client, clientId: 'a shop' }],
    ['a name that keys of people have', { ...client, clientId: 'key-shop' }],
  ])('a client with %s', (_, seed) => expect(seedClients.safeParse([seed]).success).toBe(false));
});

test('what a seed leaves out is the least: no operator, no unlimited plan', () => {
  expect(seedUsers.parse([user])).toEqual([{ ...user, email: 'op@example.com', roles: ['user'] }]);
  expect(seedClients.parse([client])).toEqual([{ ...client, redirectUris: [], plan: 'standard' }]);
});
