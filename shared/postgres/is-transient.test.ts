import { RetryableError, TerminalError } from '@florin/kernel';
import pg from 'pg';
import {
  BackendTerminatedError,
  ConnectionError,
  NotFoundError,
  UniqueIntegrityConstraintViolationError,
} from 'slonik';
import { describe, expect, test } from 'vitest';
import { isTransient } from './is-transient.ts';

const withCode = (code: string): Error => Object.assign(new Error('some text'), { code });

function answer(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('some text', 1, 'error'), { code });
}

describe('hunts a fault that would pass by itself but stops the work for good', () => {
  test.each([
    ...['08000', '08006', '53100', '53300', '40001', '40P01', '55P03', '57014'].map(answer),
    ...['57P01', '57P02', '57P03', '57P04', '25P03', '25P04'].map(answer),
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'].map(withCode),
    new Error('Connection terminated unexpectedly'),
    new Error('Connection terminated due to connection timeout'),
    new Error('Client has encountered a connection error and is not queryable'),
    new Error('Query read timeout'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Client is pending destroy.'),
    new AggregateError([withCode('ECONNREFUSED')], ''),
    new BackendTerminatedError(new Error('gone')),
    new ConnectionError('', { cause: withCode('ECONNREFUSED') }),
    new Error('outer', { cause: new Error('middle', { cause: answer('57P03') }) }),
    new RetryableError('said so', { cause: answer('23505') }),
  ])('%s passes', (error) => {
    expect(isTransient(error)).toBe(true);
  });
});

describe('hunts a mistake of ours that would be retried for ever', () => {
  test.each([
    ...['23505', '23514', '42P01', '42601', '22P02', '28P01', 'XX000', '25P02'].map(answer),
    withCode('ERR_INVALID_URL'),
    // Five letters, as a SQLSTATE has.
    withCode('EPERM'),
    new Error('anything else'),
    new NotFoundError('Query returned no rows.', { sql: '', values: [] }),
    new UniqueIntegrityConstraintViolationError(withCode('23505')),
    new TerminalError('said so', { cause: answer('40001') }),
    new AggregateError([new Error('no')], ''),
    'a string',
    undefined,
  ])('%s stays', (error) => {
    expect(isTransient(error)).toBe(false);
  });
});
