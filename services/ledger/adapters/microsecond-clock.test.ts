import { describe, expect, test } from 'vitest';
import { createMicrosecondClock } from './microsecond-clock.ts';

function bench() {
  let wallMs = 1_700_000_000_000;
  const nowUs = createMicrosecondClock({ nowMs: () => wallMs, monotonicMs: () => 0 });
  return { nowUs, pass: (ms: number): void => void (wallMs += ms) };
}

describe('hunts decisions of one process whose times are not in their order', () => {
  test('each has a time of its own, however fast they come', () => {
    const { nowUs } = bench();
    const times = Array.from({ length: 5 }, nowUs);
    expect(new Set(times).size).toBe(5);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
  });

  test('a clock that is put right by seconds', () => {
    const { nowUs, pass } = bench();
    const before = nowUs();
    pass(-20_000);
    expect(nowUs()).toBe(before + 1);
  });
});

test('hunts holds that are over for a day because a clock was a day ahead for a moment', () => {
  const { nowUs, pass } = bench();
  const before = nowUs();
  pass(86_400_000);
  expect(nowUs()).toBe(before + 86_400_000_000);
  pass(-86_400_000);
  expect(nowUs()).toBe(before);
});
