import { describe, expect, test } from 'vitest';
import { breakerOf, ownSigningKey, policyOf, readBankingConfig } from './config.ts';

const keys = {
  banking: { old: 'b2xk', new: 'bmV3' },
  ledger: { l: 'bA' },
  identity: { i: 'aQ' },
};
const environment = {
  POSTGRES_URL: 'postgres://127.0.0.1/florin_banking',
  NATS_URL: 'nats://127.0.0.1:4222',
  SIGNING_KEYS: JSON.stringify(keys),
  SECRETS_KEY: 'a2V5',
  BANKS: '[{"name":"ok","url":"http://127.0.0.1:20001"}]',
};

describe('the configuration of banking', () => {
  test('withdrawals wait for ever unless a deadline is set', () => {
    expect(policyOf(readBankingConfig(environment)).deadlineMs.payout).toBeNull();
    const hurried = readBankingConfig({ ...environment, WITHDRAWAL_DEADLINE: '1h' });
    expect(policyOf(hurried).deadlineMs.payout).toBe(3_600_000);
  });

  test('a lost request may still arrive long after its time limit', () => {
    const patient = readBankingConfig({ ...environment, BANK_REQUEST_TIMEOUT: '10s' });
    expect(policyOf(patient).inFlightMsMax).toBe(50_000);
    expect(breakerOf(patient).timeoutMs).toBeGreaterThan(patient.requestTimeoutMs);
  });

  test('of two keys the one named last signs', () => {
    expect(ownSigningKey(readBankingConfig(environment))).toEqual({ kid: 'new', key: 'bmV3' });
  });

  test.each([
    ['no banks at all', { BANKS: undefined }, /BANK_DIRECTORY_URL/],
    [
      'a bank twice',
      { BANKS: '[{"name":"a","url":"http://h"},{"name":"a","url":"http://h"}]' },
      /twice/,
    ],
    ['no key of its own', { SIGNING_KEYS: '{"ledger":{"l":"bA"}}' }, /banking/],
    [
      'a provider without secrets, or without linked accounts',
      { BANKS: '[{"name":"stripe","provider":"stripe"}]' },
      /BANK_SECRETS.*stripe[^]*LINKING_URL/,
    ],
    ['an empty set of keys', { SIGNING_KEYS: '{"banking":{},"ledger":{}}' }, /SIGNING_KEYS/],
  ])('is refused with %s', (_case, change, problem) => {
    expect(() => readBankingConfig({ ...environment, ...change })).toThrow(problem);
  });
});
