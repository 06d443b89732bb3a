import { describe, expect, test } from 'vitest';
import { createHealth } from './mod.ts';

describe('readiness is the start being done and no check having a problem', () => {
  test('a process that is starting or stopping gets no work, but is alive', () => {
    const health = createHealth();
    expect(health.ready().ok).toBe(false);
    expect(health.live().ok).toBe(true);
    health.setReady(true);
    expect(health.ready()).toEqual({ ok: true, problems: {} });
    health.setReady(false);
    expect(health.ready().ok).toBe(false);
  });

  test('each problem is named, and goes away with its cause', () => {
    const health = createHealth();
    let connected = false;
    health.setReady(true);
    health.check('nats', () => (connected ? undefined : 'not connected'));
    health.check('postgres', () => undefined);
    expect(health.ready()).toEqual({ ok: false, problems: { nats: 'not connected' } });
    connected = true;
    expect(health.ready().ok).toBe(true);
  });
});
