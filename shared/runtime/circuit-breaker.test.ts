import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  BreakerOpenError,
  CallTimeoutError,
  createBreaker,
  createMetrics,
  type BreakerState,
} from './mod.ts';

const options = {
  timeoutMs: 100,
  errorThresholdPercentage: 50,
  resetTimeoutMs: 1000,
  volumeThreshold: 3,
};

type Behaviour = 'ok' | 'broken' | 'mute' | 'declined';

function createBank() {
  const bank = { behaviour: 'ok' as Behaviour, calls: 0 };
  const call = async (): Promise<string> => {
    bank.calls++;
    if (bank.behaviour === 'ok') return 'settled';
    if (bank.behaviour === 'mute') return new Promise<string>(() => {});
    throw new Error(bank.behaviour);
  };
  return { bank, call };
}

function setUp() {
  const { bank, call } = createBank();
  const metrics = createMetrics('test');
  const isFailure = (error: unknown) => (error as Error).message !== 'declined';
  const breaker = createBreaker('acme', call, { ...options, isFailure }, metrics);
  const states: BreakerState[] = [];
  breaker.onStateChange((state) => states.push(state));
  const gauge = async () => {
    const all = await metrics.registry.getSingleMetric('circuit_breaker_state')?.get();
    return all?.values.find((sample) => sample.labels.bank === 'acme')?.value;
  };
  const fail = async (times: number) => {
    bank.behaviour = 'broken';
    for (let i = 0; i < times; i++) await breaker.fire().catch(() => undefined);
  };
  return { bank, breaker, states, gauge, fail };
}

describe('the breaker protects a bank that fails, and the caller learns what happened', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('it opens at the failure that reaches the volume, and not before', async () => {
    const { breaker, gauge, fail } = setUp();
    expect(await gauge()).toBe(0);
    await fail(2);
    expect(breaker.state()).toBe('closed');
    await fail(1);
    expect(breaker.state()).toBe('open');
    expect(await gauge()).toBe(2);
  });

  test('open, it refuses without calling: nothing can have happened at the bank', async () => {
    const { bank, breaker, fail } = setUp();
    await fail(3);
    await expect(breaker.fire()).rejects.toThrow(BreakerOpenError);
    expect(bank.calls).toBe(3);
  });

  test('half-open, one success closes it; every state is told once and in order', async () => {
    const { bank, breaker, states, gauge, fail } = setUp();
    await fail(3);
    vi.advanceTimersByTime(options.resetTimeoutMs);
    expect(await gauge()).toBe(1);
    bank.behaviour = 'ok';
    await expect(breaker.fire()).resolves.toBe('settled');
    expect(states).toEqual(['open', 'half-open', 'closed']);
    expect(await gauge()).toBe(0);
  });

  test('half-open, one failure opens it again, and only one call may try at a time', async () => {
    const { bank, breaker, states, fail } = setUp();
    await fail(3);
    vi.advanceTimersByTime(options.resetTimeoutMs);
    bank.behaviour = 'broken';
    const [trying, refused] = await Promise.allSettled([breaker.fire(), breaker.fire()]);
    expect(trying).toMatchObject({ reason: { message: 'broken' } });
    expect(refused).toMatchObject({ reason: { name: 'BreakerOpenError' } });
    expect(states).toEqual(['open', 'half-open', 'open']);
  });

  test('a call without an answer is a timeout, which says that its effect is unknown', async () => {
    const { bank, breaker } = setUp();
    bank.behaviour = 'mute';
    const call = breaker.fire();
    vi.advanceTimersByTime(options.timeoutMs);
    await expect(call).rejects.toThrow(CallTimeoutError);
  });

  test('a fault that is not the bank’s reaches the caller and opens nothing', async () => {
    const { bank, breaker, states } = setUp();
    bank.behaviour = 'declined';
    for (let i = 0; i < 5; i++) await expect(breaker.fire()).rejects.toThrow('declined');
    expect(states).toEqual([]);
  });

  test('closed for good, it refuses calls and leaves no timer behind', async () => {
    const { breaker, fail } = setUp();
    await fail(3);
    breaker.close();
    await expect(breaker.fire()).rejects.toThrow(BreakerOpenError);
    expect(vi.getTimerCount()).toBe(0);
  });
});
