import { describe, expect, test } from 'vitest';
import { hurried, hurriedQuery } from './hurried.ts';

describe('hunts a window that is not as much shorter as the rest', () => {
  test.each([
    ['5m', 10, '30s'],
    ['2s', 10, '1s'],
    ['1h', 60, '60s'],
    ['3d', 60, '4320s'],
  ])('%s, %i times as fast, is %s', (duration, times, short) => {
    expect(hurried(duration, times)).toBe(short);
  });

  test.each(['soon', '0s', '5', '1w'])('%s is no duration', (text) => {
    expect(() => hurried(text, 10)).toThrow(`"${text}" is no duration`);
  });

  test('no window is too short for two samples', () => {
    expect(hurried('2m', 60, 6)).toBe('6s');
  });

  test('every window of a query, its steps, and what lies behind', () => {
    const query = 'max_over_time(a[1d:1m]) - rate(b{c="[5m]"}[10m]) unless d offset 15m > 5000';
    expect(hurriedQuery(query, 60)).toBe(
      'max_over_time(a[1440s:1s]) - rate(b{c="[5s]"}[10s]) unless d offset 15s > 5000',
    );
  });
});
