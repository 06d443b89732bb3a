import { describe, expect, test } from 'vitest';
import { readFlagValue } from './flag-provider.ts';

const stored = (changes: object = {}) =>
  JSON.stringify({
    variant: 'shadow',
    changedBy: 'olga',
    changedAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  });

describe('hunts values of a flag that no code expects', () => {
  test('a variant of the flag is taken with who set it', () => {
    expect(readFlagValue('fraud-scoring', stored())).toMatchObject({
      variant: 'shadow',
      changedBy: 'olga',
    });
  });

  test.each([
    ['a variant that does not exist', stored({ variant: 'sometimes' })],
    ['a property that every object has', stored({ variant: 'constructor' })],
    ['nobody who set it', stored({ changedBy: undefined })],
    ['no time', stored({ changedAt: 'yesterday' })],
    ['the bare variant', '"shadow"'],
    ['no JSON', 'shadow'],
    ['nothing', ''],
    ['null', 'null'],
  ])('%s is not taken', (_, json) => {
    expect(readFlagValue('fraud-scoring', json)).toBeUndefined();
  });
});
