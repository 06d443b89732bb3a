import { describe, expect, test } from 'vitest';
import { configuration } from './nats-server.ts';

describe('a setting that a server does not know would stop it at the start', () => {
  test.each([
    ['2.9.10', false],
    ['2.9.25', false],
    ['2.10.0', true],
    ['2.14.5', true],
    ['3.0.0', true],
  ])('version %s gets sync_interval: %s', (version, known) => {
    expect(
      configuration('/tmp/x', version, 4222, { syncInterval: '10s' }).includes('sync_interval'),
    ).toBe(known);
  });
});
