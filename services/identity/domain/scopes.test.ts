import { ok, refuse } from '@florin/kernel';
import { expect, test } from 'vitest';
import { grantScopes, scopesOfRoles } from './scopes.ts';

const allowed = ['wallets:read', 'wallets:write'] as const;

test.each([
  ['all it may when it asks for none', undefined, ok([...allowed])],
  ['all it may when it asks with an empty text', ' ', ok([...allowed])],
  ['only what it asks for', 'wallets:read', ok(['wallets:read'])],
  ['each scope once', 'wallets:read  wallets:read', ok(['wallets:read'])],
  ['nothing when one scope is not its own', 'wallets:read admin', refuse('invalid-scope')],
  ['nothing when one scope does not exist', 'wallets:read all', refuse('invalid-scope')],
])('a machine never gets more than it may: %s', (_, asked, expected) => {
  expect(grantScopes(asked, allowed)).toEqual(expected);
});

test('the scope of the staff never reaches ordinary users', () => {
  expect(scopesOfRoles(['user'])).not.toContain('admin');
  expect(scopesOfRoles(['user', 'operator'])).toContain('admin');
});

test.each(['support', 'auditor'] as const)(
  '%s alone can neither pay nor change wallets',
  (role) => {
    expect(scopesOfRoles([role])).toEqual(['wallets:read', 'transactions:read', 'admin']);
  },
);
