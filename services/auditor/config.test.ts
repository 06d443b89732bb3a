import { ConfigurationError, printableConfig } from '@florin/runtime';
import { expect, test } from 'vitest';
import { readAuditorConfig } from './config.ts';

const ENV = {
  NATS_URL: 'nats://127.0.0.1:4222',
  POSTGRES_URL: 'postgres://auditor:geheim@127.0.0.1/florin_auditor',
  SIGNING_KEYS: JSON.stringify({ ledger: { l1: 'ledger-key' } }),
  AUDIT_KEY: 'seed-of-the-key',
};

test('hunts keys in what is printed', () => {
  const printed = JSON.stringify(printableConfig(readAuditorConfig(ENV)));
  expect(printed).not.toMatch(/seed-of-the-key|ledger-key|geheim/);
});

test('hunts a start without the key that roots are signed by', () => {
  expect(() => readAuditorConfig({ ...ENV, AUDIT_KEY: undefined })).toThrow(ConfigurationError);
});
