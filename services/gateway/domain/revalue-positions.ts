import type { positionsView } from '@florin/contracts';
import { convert, crossRate, parseRate, type Currency, type Rate } from '@florin/kernel';
import type { z } from 'zod';

export type PositionsView = z.output<typeof positionsView>;

export interface OpenPosition {
  currency: Currency;
  amount: string;
  baseCurrency: Currency;
  cost: string;
  conversions: number;
}

/** Units of each currency for one of the base. */
export type MidRates = ReadonlyMap<Currency, string>;

const ONE: Rate = { numerator: 1n, denominator: 1n };

/** Rounded down, also below zero: nobody is told of a profit that is not there. */
function valueOf(amount: bigint, midRate: string, of: Currency, base: Currency): bigint | null {
  const rate = parseRate(midRate);
  if (!rate.ok) return null;
  const toBase = crossRate(rate.value, ONE);
  if (amount >= 0n) return convert(amount, toBase, of, base);
  const owed = convert(-amount, toBase, of, base);
  const back = convert(owed, rate.value, base, of);
  return back < -amount ? -owed - 1n : -owed;
}

/**
 * What open positions are worth at the rates of now, beside what they were worth when they came
 * about. What spread and rounding kept was earned at once and for good: what was given away cost
 * less than what was taken for it.
 * @param rates undefined when there are no current ones
 */
export function revaluePositions(
  positions: readonly OpenPosition[],
  base: Currency,
  rates: MidRates | undefined,
): Pick<PositionsView, 'items' | 'spreadEarned' | 'unrealisedProfit'> {
  let earned = 0n;
  let profit: bigint | null = 0n;
  const items = positions.map(({ currency, amount, cost, conversions, baseCurrency }) => {
    const midRate = currency === base ? '1' : (rates?.get(currency) ?? null);
    const isValued = midRate !== null && rates !== undefined && baseCurrency === base;
    const value = isValued ? valueOf(BigInt(amount), midRate, currency, base) : null;
    const unrealised = value === null ? null : value - BigInt(cost);
    earned += BigInt(cost);
    profit = profit === null || unrealised === null ? null : profit + unrealised;
    return {
      currency,
      position: amount,
      conversions,
      midRate,
      value: value === null ? null : String(value),
      cost,
      unrealisedProfit: unrealised === null ? null : String(unrealised),
    };
  });
  return {
    items,
    spreadEarned: String(earned),
    unrealisedProfit: profit === null ? null : String(profit),
  };
}
