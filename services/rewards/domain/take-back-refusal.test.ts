import { expect, test } from 'vitest';
import { takeBackPauseMs, TAKE_BACK_PAUSES_MS } from './take-back-refusal.ts';

/** Hunts take-backs that are given up too early, or tried for ever. */

const pause = (code: string, attempts: number) =>
  takeBackPauseMs(code, attempts, TAKE_BACK_PAUSES_MS, 0.5);

test.each(['insufficient-funds', 'wallet-frozen'])('%s passes, with a limit', (code) => {
  expect(pause(code, 1)).toBe(60_000);
  expect(pause(code, TAKE_BACK_PAUSES_MS.length)).toBe(7 * 24 * 3_600_000);
  expect(pause(code, TAKE_BACK_PAUSES_MS.length + 1)).toBeUndefined();
});

test.each(['wallet-closed', 'not-found', 'hold-already-settled', 'unknown'])('%s stays', (code) => {
  expect(pause(code, 1)).toBeUndefined();
});

test('no two processes try at the same moment', () => {
  expect(takeBackPauseMs('wallet-frozen', 1, [1000], 0)).toBe(900);
  expect(takeBackPauseMs('wallet-frozen', 1, [1000], 1)).toBe(1100);
});
