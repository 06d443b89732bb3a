import { KYC_LEVELS } from '@florin/contracts';
import { AMOUNT_MAX, CURRENCIES } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import { createAssetTable } from './asset-table.ts';
import { asKycLevel, limitsOf } from './kyc-limits.ts';

const ASSETS = createAssetTable([{ code: 'MILES/0', name: 'Miles', unitsPerDollar: '100' }]);

describe('hunts limits that no amount fits, or that shrink as a level grows', () => {
  test.each([...CURRENCIES, 'MILES/0'] as const)('%s', (currency) => {
    let below = 0n;
    for (const level of KYC_LEVELS) {
      const { perTransaction, perDay, perMonth } = limitsOf(level, currency, ASSETS);
      const amounts = [perTransaction, perDay, perMonth].map(BigInt);
      const [once = 0n, daily = 0n, monthly = 0n] = amounts;
      expect(once).toBeGreaterThan(below);
      expect(daily).toBeGreaterThan(once);
      expect(monthly).toBeGreaterThan(daily);
      expect(monthly).toBeLessThan(AMOUNT_MAX);
      below = once;
    }
  });

  test.each([
    ['USD', '1000000'],
    ['JPY', '1000000'],
    ['KWD', '10000000'],
    ['BTC', '10000000'],
    ['VND', '200000000'],
    ['CLF', '2000000'],
    ['MILES/0', '1000000'],
  ] as const)('%s: somebody unknown may pay %s minor units at once', (currency, expected) => {
    expect(limitsOf(0, currency, ASSETS).perTransaction).toBe(expected);
  });

  test.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 0],
    [-1, 0],
  ])('level %s counts as %s', (level, expected) => {
    expect(asKycLevel(level)).toBe(expected);
  });
});
