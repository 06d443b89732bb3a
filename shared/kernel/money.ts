import { exponentOf, type Currency } from './currencies.ts';
import { refuse, ok, type Result } from './result.ts';

/** An amount in minor units of its currency, e.g. 2500n = 25.00 USD. Never a float. */
export type Minor = bigint;

/** The largest amount of one transaction: 10^15 minor units, so that sums stay far inside int8. */
export const AMOUNT_MAX: Minor = 1_000_000_000_000_000n;

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
