import { exponentOf, isListedCurrency, type Currency, type Minor } from '@florin/kernel';

/** Currencies whose decimals at Stripe are not those of ISO 4217. */
const DECIMALS_THERE: Partial<Record<Currency, number>> = { ISK: 2, UGX: 2, HUF: 2, TWD: 2 };
/** Stripe takes three decimals of these, the last of which has to be 0. */
const LAST_DIGIT_ZERO = 3;

/**
 * An amount as Stripe counts it, or undefined where Stripe can't say it: an asset of our own, or a
 * fraction that its banks don't know.
 */
export function stripeAmount(amount: Minor, currency: Currency): number | undefined {
  if (!isListedCurrency(currency) || currency === 'BTC') return undefined;
  const decimals = exponentOf(currency);
  const there = DECIMALS_THERE[currency] ?? decimals;
  if (there < decimals) return undefined;
  const scaled = amount * 10n ** BigInt(there - decimals);
  if (decimals === LAST_DIGIT_ZERO && scaled % 10n !== 0n) return undefined;
  return scaled > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(scaled);
}
