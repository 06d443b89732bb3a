import { describe, expect, test } from 'vitest';
import { soon } from './soon.ts';

describe('hunts a figure that keeps all others from being read', () => {
  test('an answer in time is the answer', async () => {
    expect(await soon(Promise.resolve(7))).toBe(7);
  });

  test('one that never comes is none', async () => {
    expect(await soon(new Promise<number>(() => undefined), 1)).toBeUndefined();
  });

  test('one that fails is none', async () => {
    expect(await soon(Promise.reject(new Error('away')))).toBeUndefined();
  });
});
