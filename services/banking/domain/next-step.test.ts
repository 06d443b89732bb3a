import { describe, expect, test } from 'vitest';
import { samplePayment } from '../test/sample-payment.ts';
import { nextStep } from './next-step.ts';
import type { Payment } from './payment.ts';
import { POLICY_DEFAULT } from './policy.ts';

const { inFlightMsMax, chargeAttemptsMax } = POLICY_DEFAULT;
const NOW_MS = 20_000;
const DEADLINE_MS = 30_000;

const payout = { kind: 'payout', deadlineAtMs: null } as const;
const tired = { attempts: chargeAttemptsMax };
const justLost = { exposedAtMs: NOW_MS - inFlightMsMax + 1 };
const longLost = { exposedAtMs: NOW_MS - inFlightMsMax };
const late = { deadlineAtMs: NOW_MS };

const step = (change: Partial<Payment>, bankCallable = true) =>
  nextStep(samplePayment(change), { nowMs: NOW_MS, bankCallable }, POLICY_DEFAULT);

describe('a charge is given up only when it surely was not and will not be executed', () => {
  test.each([
    ['fresh', {}, true, 'ask'],
    ['breaker open', {}, false, 'give-up'],
    ['too many attempts', tired, true, 'give-up'],
    ['deadline passed', late, true, 'give-up'],
    ['too many attempts, one just lost', { ...tired, ...justLost }, true, 'ask'],
    ['too many attempts, one lost long ago', { ...tired, ...longLost }, true, 'give-up'],
    ['deadline passed, one just lost', { ...late, ...justLost }, true, 'ask'],
    ['breaker open, one just lost', justLost, false, 'wait-for-bank'],
    ['breaker open, one lost long ago', longLost, false, 'give-up'],
  ] as const)('%s', (_case, change, callable, expected) => {
    expect(step(change, callable)).toBe(expected);
  });

  test.each([true, false])('never while its outcome is unknown (callable: %s)', (callable) => {
    const change = { state: 'unknown', ...late, ...tired, ...longLost } as const;
    expect(step(change, callable)).toBe(callable ? 'check-status' : 'wait-for-bank');
  });
});

describe('a payout queues while its bank is away', () => {
  test.each([
    ['breaker open', payout, false, 'wait-for-bank'],
    ['many attempts', { ...payout, attempts: 1000 }, true, 'ask'],
    [
      'breaker open before a deadline',
      { ...payout, deadlineAtMs: DEADLINE_MS },
      false,
      'wait-for-bank',
    ],
    ['past a deadline that was configured', { ...payout, ...late }, true, 'give-up'],
    ['past it, one just lost', { ...payout, ...late, ...justLost }, false, 'wait-for-bank'],
  ] as const)('%s', (_case, change, callable, expected) => {
    expect(step(change, callable)).toBe(expected);
  });
});

describe('every other state has one step', () => {
  test.each([
    [{ state: 'asked' }, 'recover'],
    [{ state: 'settled' }, 'announce'],
    [{ state: 'settled', announced: true }, 'confirm'],
    [{ state: 'declined' }, 'announce'],
    [{ state: 'abandoned', announced: true }, 'confirm'],
    [{ state: 'done' }, 'nothing'],
  ] as const)('%j', (change, expected) => {
    expect(step(change)).toBe(expected);
    expect(step(change, false)).toBe(expected);
  });
});
