import { KYC_LEVELS } from '@florin/contracts';
import { AMOUNT_MAX, CURRENCIES } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import { asKycLevel, limitsOf } from './kyc-limits.ts';

describe('hunts limits that no amount fits, or that shrink as a level grows', () => {
  test.each(CURRENCIES)('%s', (currency) => {
    let below = 0n;
    for (const level of KYC_LEVELS) {
      const { perTransaction, perDay, perMonth } = limitsOf(level, currency);
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
  ] as const)('%s: somebody unknown may pay %s minor units at once', (currency, expected) => {
    expect(limitsOf(0, currency).perTransaction).toBe(expected);
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
