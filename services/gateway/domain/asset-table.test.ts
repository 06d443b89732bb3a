import { describe, expect, test } from 'vitest';
import { createAssetTable } from './asset-table.ts';

const table = createAssetTable([{ code: 'MILES/0', name: 'Miles', unitsPerDollar: '100' }]);

describe('hunts assets that nobody has heard of', () => {
  test.each([
    ['USD', true],
    ['CLF', true],
    ['BTC', true],
    ['MILES/0', true],
    ['MILES/2', false],
    ['GOLD/4', false],
  ] as const)('%s exists: %s', (code, exists) => expect(table.exists(code)).toBe(exists));

  test('clients learn how each is written', () => {
    const byCode = new Map(table.list().map((one) => [one.code, one]));
    expect(byCode.get('JPY')).toEqual({
      code: 'JPY',
      decimals: 0,
      name: 'Japanese Yen',
      kind: 'iso-4217',
    });
    expect(byCode.get('BTC')).toMatchObject({ decimals: 8, kind: 'crypto' });
    expect(byCode.get('MILES/0')).toMatchObject({ decimals: 0, name: 'Miles', kind: 'custom' });
    expect(byCode.size).toBe(table.list().length);
  });

  test('each has a worth', () => {
    expect(table.unitsPerDollar('JPY')).toBe('100');
    expect(table.unitsPerDollar('MILES/0')).toBe('100');
    expect(table.unitsPerDollar('GOLD/4')).toBe('1');
  });
});
