import { assert } from './assert.ts';
import { exponentOf, type Currency } from './currencies.ts';
import type { Minor } from './money.ts';
import { ok, refuse, type Result } from './result.ts';

/**
 * How many units of one currency are given for one unit of another, as a fraction of integers:
 * floats would make money out of nothing, a little at a time.
 */
export interface Rate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const DECIMAL = /^(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?$/;

/** Reads `151.37`; refuses signs, exponents, zero, and more digits than any rate has. */
export function parseRate(text: string): Result<Rate, string> {
  if (!DECIMAL.test(text)) return refuse('must be a decimal number such as 151.37');
  const [whole = '', fraction = ''] = text.split('.');
  const numerator = BigInt(whole + fraction);
  if (numerator === 0n) return refuse('must be greater than zero');
  return ok({ numerator, denominator: 10n ** BigInt(fraction.length) });
}

/** Digits that a rate is told with. Who gives money away by it rounds down. */
const DIGITS = 12;
/** 10^-18 is the smallest step that is read back. */
const PLACES_MAX = 18;

/**
 * A rate in decimals, never more than it is: twelve digits from the first that is not zero. What is
 * calculated with it can be checked by whoever reads it.
 */
export function formatRate({ numerator, denominator }: Rate): string {
  assert(numerator > 0n && denominator > 0n, 'a rate is a positive fraction');
  const whole = numerator / denominator;
  const wholeDigits = whole === 0n ? 0 : whole.toString().length;
  let places = Math.max(0, DIGITS - wholeDigits);
  if (whole === 0n) {
    // Zeros after the point don't count.
    let scaled = numerator * 10n;
    while (scaled < denominator && places < PLACES_MAX) {
      scaled *= 10n;
      places += 1;
    }
  }
  const digits = ((numerator * 10n ** BigInt(places)) / denominator).toString();
  const padded = digits.padStart(places + 1, '0');
  if (places === 0) return padded;
  const text = `${padded.slice(0, -places)}.${padded.slice(-places)}`;
  return text.replace(/\.?0+$/, '');
}

/** Through a base that both are known in: units of `to` for one of `from`. */
export const crossRate = (from: Rate, to: Rate): Rate => ({
  numerator: to.numerator * from.denominator,
  denominator: to.denominator * from.numerator,
});

const WHOLE_POINTS = 10_000n;

/** What is left of a rate for whoever converts: a spread of 50 basis points leaves 99.5 %. */
export function lessSpread({ numerator, denominator }: Rate, basisPoints: number): Rate {
  assert(Number.isInteger(basisPoints) && basisPoints >= 0, 'a spread is a number of points');
  assert(basisPoints < 10_000, 'a spread leaves something');
  return {
    numerator: numerator * (WHOLE_POINTS - BigInt(basisPoints)),
    denominator: denominator * WHOLE_POINTS,
  };
}

/**
 * What an amount comes to in another currency, in its minor units, rounded down: whoever converts
 * never gets more than the rate says, and the platform keeps the rest of a minor unit.
 */
export function convert(amount: Minor, rate: Rate, from: Currency, to: Currency): Minor {
  assert(amount >= 0n, 'a negative amount is converted');
  const up = 10n ** BigInt(exponentOf(to));
  const down = 10n ** BigInt(exponentOf(from));
  return (amount * rate.numerator * up) / (rate.denominator * down);
}

/** Roughly so many US cents in a currency's minor units, where a dollar has so many units. */
export function worthOfCents(cents: bigint, currency: Currency, unitsPerDollar: string): Minor {
  const rate = parseRate(unitsPerDollar);
  assert(rate.ok, 'units per dollar are a decimal number');
  return convert(cents, rate.value, 'USD', currency);
}
