import { RetryableError, TerminalError } from '@florin/kernel';
import { createLogger } from '@florin/runtime';
import { describe, expect, test } from 'vitest';
import { asFault } from './as-fault.ts';

function databaseError(code: string): Error {
  return Object.assign(new Error('a row violates a constraint'), {
    code,
    detail: 'Failing row contains (ada@example.com, $argon2id$...)',
    values: ['ada@example.com'],
  });
}

describe('a fault of the database', () => {
  test('reaches the log without the values of its row', () => {
    const lines: string[] = [];
    const log = createLogger('identity', 'info', {}, { write: (line) => void lines.push(line) });
    log.error({ err: asFault(databaseError('23514')) }, 'failed');
    expect(lines.join()).toContain('a row violates a constraint');
    expect(lines.join()).not.toMatch(/ada@example|argon2id/);
  });

  test.each([
    ['08006', RetryableError],
    ['57P01', RetryableError],
    ['23514', TerminalError],
  ])('with SQLSTATE %s is a %O', (code, kind) => {
    expect(asFault(databaseError(code))).toBeInstanceOf(kind);
  });

  test('that already says whether to retry is left alone', () => {
    const overloaded = new RetryableError('too many');
    expect(asFault(overloaded)).toBe(overloaded);
  });
});
