import { describe, expect, test } from 'vitest';
import { podEnvironment } from './pod-environment.ts';

const sources = {
  configMap: (name: string) =>
    name === 'fraud' ? { HOST: '0.0.0.0', LOG_LEVEL: 'info' } : undefined,
  secret: (name: string) => (name === 'postgres' ? { user: 'fraud', word: 's:1' } : undefined),
};

const secret = (name: string, key: string, optional?: boolean) => ({
  secretKeyRef: { name, key, ...(optional === undefined ? {} : { optional }) },
});

describe('hunts an environment that no kubelet would give', () => {
  test('what a container names wins over a ConfigMap, and refers to what came before', () => {
    const env = [
      { name: 'USER', valueFrom: secret('postgres', 'user') },
      { name: 'HOST', value: '127.0.0.1' },
      { name: 'URL', value: 'postgres://$(USER)@$(HOST)/$(LATER)' },
      { name: 'LATER', value: 'x' },
    ];
    expect(
      podEnvironment({ envFrom: [{ configMapRef: { name: 'fraud' } }], env }, sources),
    ).toEqual({
      environment: {
        HOST: '127.0.0.1',
        LOG_LEVEL: 'info',
        USER: 'fraud',
        URL: 'postgres://fraud@127.0.0.1/$(LATER)',
        LATER: 'x',
      },
    });
  });

  test.each([
    ['a ConfigMap', { envFrom: [{ configMapRef: { name: 'web' } }] }, 'ConfigMap web'],
    [
      'a Secret',
      { env: [{ name: 'KEY', valueFrom: secret('keys', 'fraud') }] },
      'KEY: Secret keys, key fraud',
    ],
    [
      'a key of a Secret',
      { env: [{ name: 'KEY', valueFrom: secret('postgres', 'url') }] },
      'KEY: Secret postgres, key url',
    ],
  ])('%s that is not there keeps a pod from starting', (_, container, missing) => {
    expect(podEnvironment(container, sources)).toEqual({ missing });
  });

  test('what may be absent is left out', () => {
    const env = [{ name: 'NATS_NKEY', valueFrom: secret('nats', 'fraud', true) }];
    expect(podEnvironment({ env }, sources)).toEqual({ environment: {} });
  });
});
