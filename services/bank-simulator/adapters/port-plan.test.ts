import { describe, expect, test } from 'vitest';
import { onFreePort } from './port-plan.ts';

const taken = () => Object.assign(new Error('taken'), { code: 'EADDRINUSE' });

/** Lets only the given ports be taken, and notes what was tried. */
function tryPorts(free: (port: number) => boolean) {
  const tried: number[] = [];
  const take = async (port: number) => {
    tried.push(port);
    if (!free(port)) throw taken();
    return port;
  };
  return { tried, take };
}

describe('a bank keeps its port if it can, and finds another one if not', () => {
  test('the preferred port is taken when it is free', async () => {
    const { tried, take } = tryPorts(() => true);
    expect(await onFreePort(4711, take, () => 0)).toBe(4711);
    expect(tried).toEqual([4711]);
  });

  test('else the search goes on from a random place, round the end of the range', async () => {
    const { tried, take } = tryPorts((port) => port === 20_001);
    expect(await onFreePort(4711, take, () => 0.9998)).toBe(20_001);
    expect(tried).toEqual([4711, 29_999, 20_000, 20_001]);
  });

  test('it gives up instead of searching for ever', async () => {
    const { tried, take } = tryPorts(() => false);
    await expect(onFreePort(undefined, take, () => 0)).rejects.toThrow('taken');
    expect(tried.length).toBeLessThan(1000);
  });

  test('any other failure to listen is not searched around', async () => {
    const take = () => Promise.reject(new Error('no such host'));
    await expect(onFreePort(undefined, take, () => 0)).rejects.toThrow('no such host');
  });
});
