import { refuse, ok, type Result } from './result.ts';

/** An amount in minor units of its currency, e.g. 2500n = 25.00 USD. Never a float. */
export type Minor = bigint;

/** The largest amount of one transaction: 10^15 minor units, so that sums stay far inside int8. */
export const AMOUNT_MAX: Minor = 1_000_000_000_000_000n;

/** Decimal places per currency: ISO 4217, and BTC in satoshi. */
const EXPONENTS = {
  AUD: 2,
  BRL: 2,
  BTC: 8,
  CAD: 2,
  CHF: 2,
  CNY: 2,
  CZK: 2,
  DKK: 2,
  EUR: 2,
  GBP: 2,
  HKD: 2,
  INR: 2,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  MXN: 2,
  NOK: 2,
  NZD: 2,
  PLN: 2,
  SEK: 2,
  SGD: 2,
  TND: 3,
  USD: 2,
  ZAR: 2,
} as const;

export type Currency = keyof typeof EXPONENTS;

export const CURRENCIES = Object.keys(EXPONENTS) as [Currency, ...Currency[]];

export const isCurrency = (text: string): text is Currency => Object.hasOwn(EXPONENTS, text);

/** Decimal places of a currency's minor unit: 2 for USD, 0 for JPY, 8 for BTC. */
export const exponentOf = (currency: Currency): number => EXPONENTS[currency];

/** A string of digits without sign or leading zeros. */
const DIGITS = /^(0|[1-9][0-9]{0,18})$/;

/**
 * Reads an amount as it comes from outside: a string of digits or a safe integer, 1 to AMOUNT_MAX.
 * The error says what is wrong in words for the caller.
 */
export function parseAmount(input: unknown): Result<Minor, string> {
  if (typeof input === 'number') {
    if (!Number.isSafeInteger(input)) return refuse('must be an integer number of minor units');
  } else if (typeof input !== 'string' || !DIGITS.test(input)) {
    return refuse('must be minor units as a string of digits or a safe integer');
  }
  const amount = BigInt(input);
  if (amount <= 0n) return refuse('must be greater than zero');
  if (amount > AMOUNT_MAX) return refuse(`must not exceed ${AMOUNT_MAX}`);
  return ok(amount);
}

/** Minor units as people read them: (2500n, 'USD') → "25.00". */
export function formatAmount(amount: Minor, currency: Currency): string {
  const exponent = exponentOf(currency);
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
