import { CURRENCIES, exponentOf, unitsPerDollarOf, type Currency } from '@florin/kernel';

/**
 * The rough worth in US dollars of one unit of a currency. Features compare sizes across wallets,
 * for which the right order of magnitude is enough; live rates would make a replay differ.
 */
const DOLLARS: Partial<Record<Currency, number>> = {
  AUD: 0.65,
  BRL: 0.18,
  BTC: 90_000,
  CAD: 0.72,
  CHF: 1.2,
  CNY: 0.14,
  CZK: 0.046,
  DKK: 0.15,
  EUR: 1.1,
  GBP: 1.3,
  HKD: 0.13,
  INR: 0.012,
  JPY: 0.0067,
  KRW: 0.0007,
  KWD: 3.25,
  MXN: 0.054,
  NOK: 0.095,
  NZD: 0.6,
  PLN: 0.26,
  SEK: 0.1,
  SGD: 0.75,
  TND: 0.33,
  USD: 1,
  ZAR: 0.055,
};

/** Where no better figure is known: the table of currencies, and a dollar for own assets. */
const dollarsOf = (currency: Currency): number =>
  DOLLARS[currency] ?? 1 / Number(unitsPerDollarOf(currency) ?? 1);

const centsPerMinor = (currency: Currency): number =>
  (dollarsOf(currency) * 100) / 10 ** exponentOf(currency);

const KNOWN = new Map<Currency, number>(CURRENCIES.map((one) => [one, centsPerMinor(one)]));

/** Minor units as whole US cents. Integers, so that sums of them are exact. */
export const toReferenceCents = (minor: number, currency: Currency): number =>
  Math.round(minor * (KNOWN.get(currency) ?? centsPerMinor(currency)));
