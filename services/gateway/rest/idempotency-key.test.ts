import { describe, expect, test } from 'vitest';
import { readIdempotencyKey } from './idempotency-key.ts';

describe('hunts keys that could stand for more than one request', () => {
  const CASES: [
    header: string | string[] | undefined,
    wanted: 'required' | 'optional' | undefined,
    read: string,
  ][] = [
    ['a', 'required', 'a'],
    ['x'.repeat(255), 'required', 'x'.repeat(255)],
    ['with space ~!"', 'required', 'with space ~!"'],
    [undefined, 'required', 'idempotency-key-required'],
    ['', 'required', 'idempotency-key-required'],
    ['x'.repeat(256), 'required', 'validation-failed'],
    ['tab\there', 'required', 'validation-failed'],
    ['schlüssel', 'required', 'validation-failed'],
    [['a', 'b'], 'required', 'validation-failed'],
    [undefined, 'optional', ''],
    ['a', 'optional', 'a'],
    ['x'.repeat(256), 'optional', 'validation-failed'],
    ['a', undefined, ''],
  ];

  test.each(CASES)('%j when %s reads as %s', (header, wanted, read) => {
    const key = readIdempotencyKey(header, wanted);
    expect(key.ok ? key.value : key.error.refused).toBe(read);
  });
});
