import { describe, expect, test } from 'vitest';
import { revaluePositions, type OpenPosition } from './revalue-positions.ts';

const position = (currency: 'USD' | 'EUR' | 'JPY', amount: string, cost: string): OpenPosition => ({
  currency,
  amount,
  cost,
  baseCurrency: 'USD',
  conversions: 1,
});

describe('hunts profits that are not there', () => {
  // Somebody paid 100.00 USD and got 86.07 EUR, worth 99.74 USD at the mid rate of then.
  const open = [position('EUR', '-8607', '-9974'), position('USD', '10000', '10000')];

  test('at the rates of then only the spread was earned', () => {
    const now = revaluePositions(open, 'USD', new Map([['EUR', '0.8629']]));
    expect(now.spreadEarned).toBe('26');
    // A cent less than nothing: what is owed is rounded up.
    expect(now.unrealisedProfit).toBe('-1');
    expect(now.items[1]).toMatchObject({ midRate: '1', value: '10000', unrealisedProfit: '0' });
  });

  test.each([
    ['0.9', '410', 'the euro that is owed has become cheaper'],
    ['0.8', '-785', 'it has become dearer'],
  ])('at %s it is %s: %s', (rate, profit) => {
    const now = revaluePositions(open, 'USD', new Map([['EUR', rate]]));
    expect(now.unrealisedProfit).toBe(profit);
  });

  test('without a rate for all of them nobody says what they are worth together', () => {
    const unknown = revaluePositions(open, 'USD', new Map());
    expect(unknown.unrealisedProfit).toBeNull();
    expect(unknown.items[0]).toMatchObject({ midRate: null, value: null, cost: '-9974' });
    expect(revaluePositions(open, 'USD', undefined).items[1]?.value).toBeNull();
    const empty = revaluePositions([], 'USD', undefined);
    expect(empty).toEqual({ items: [], spreadEarned: '0', unrealisedProfit: '0' });
  });
});
