import { accessOf } from '@florin/messaging';
import { describe, expect, test } from 'vitest';
import { foldersOf, ownSigningKey, readFraudConfig } from './config.ts';

const keys = {
  fraud: { old: 'b2xk', new: 'bmV3' },
  gateway: { g: 'Zw' },
  ledger: { l: 'bA' },
  identity: { i: 'aQ' },
};
const environment = {
  POSTGRES_URL: 'postgres://127.0.0.1/florin_fraud',
  NATS_URL: 'nats://127.0.0.1:4222',
  SIGNING_KEYS: JSON.stringify(keys),
};

describe('hunts a scorer that starts with what it can not work with', () => {
  test('decisions are kept for more than a year unless somebody says otherwise', () => {
    expect(readFraudConfig(environment).keepDecisionsMs).toBe(400 * 86_400_000);
    const shorter = readFraudConfig({ ...environment, DECISIONS_KEPT: '720h' });
    expect(shorter.keepDecisionsMs).toBe(30 * 86_400_000);
  });

  test('of two keys the one named last signs', () => {
    expect(ownSigningKey(readFraudConfig(environment))).toEqual({ kid: 'new', key: 'bmV3' });
  });

  test('whoever the table of access lets it believe is believed', () => {
    const trusted = ['fraud', ...(accessOf('fraud')?.trusts ?? [])];
    const all = Object.fromEntries(trusted.map((service) => [service, { [service]: 'a2V5' }]));
    const { signingKeys } = readFraudConfig({ ...environment, SIGNING_KEYS: JSON.stringify(all) });
    expect(new Set(Object.keys(signingKeys))).toEqual(new Set(trusted));
    expect(trusted).toContain('payments');
  });

  test('without a folder it takes the model that comes along, and none looks on', () => {
    const { model, challengers } = readFraudConfig(environment);
    expect([model, foldersOf(challengers)]).toEqual([undefined, []]);
    expect(foldersOf(' a, ,b/c ')).toEqual(['a', 'b/c']);
  });

  test.each([
    ['no database', { POSTGRES_URL: undefined }, /POSTGRES_URL/],
    ['nobody to believe about accounts', { SIGNING_KEYS: keysWithout('identity') }, /identity/],
    ['no key of its own', { SIGNING_KEYS: keysWithout('fraud') }, /fraud/],
    ['an empty set of keys', { SIGNING_KEYS: keysWithout('ledger', {}) }, /SIGNING_KEYS/],
    ['a time that is none', { DECISIONS_KEPT: 'a year' }, /DECISIONS_KEPT/],
  ])('is refused with %s', (_case, change, problem) => {
    expect(() => readFraudConfig({ ...environment, ...change })).toThrow(problem);
  });
});

function keysWithout(service: keyof typeof keys, instead?: object): string {
  return JSON.stringify({ ...keys, [service]: instead });
}
