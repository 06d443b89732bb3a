import { CURRENCY_TABLE } from './currency-table.ts';

/** ISO 4217, and BTC in satoshi. */
export type ListedCurrency = keyof typeof CURRENCY_TABLE;

/**
 * An asset of an installation's own, such as points: its code says how many decimals it has, so
 * nobody has to look that up, and it can't change. Which of them exist is the gateway's to know.
 */
export type CustomAsset = `${string}/${number}`;

export type Currency = ListedCurrency | CustomAsset;

export const CURRENCIES = Object.keys(CURRENCY_TABLE) as [ListedCurrency, ...ListedCurrency[]];

/** `MILES/0`, `GOLD/4`: never three letters, which might be a currency some day. */
export const CUSTOM_ASSET = /^[A-Z][A-Z0-9]{3,11}\/[0-8]$/;

export const isListedCurrency = (text: string): text is ListedCurrency =>
  Object.hasOwn(CURRENCY_TABLE, text);

export const isCustomAsset = (text: string): text is CustomAsset => CUSTOM_ASSET.test(text);

export const isCurrency = (text: string): text is Currency =>
  isListedCurrency(text) || isCustomAsset(text);

/** Decimal places of a currency's minor unit: 2 for USD, 0 for JPY, 8 for BTC, 4 for GOLD/4. */
export const exponentOf = (currency: Currency): number =>
  isListedCurrency(currency) ? CURRENCY_TABLE[currency][0] : Number(currency.split('/')[1]);

/**
 * Roughly what a dollar is worth, in units of the currency. Of an asset of its own nobody knows:
 * whoever asks says what to take for it.
 */
export function unitsPerDollarOf(currency: ListedCurrency): string;
export function unitsPerDollarOf(currency: Currency): string | undefined;
export function unitsPerDollarOf(currency: Currency): string | undefined {
  return isListedCurrency(currency) ? CURRENCY_TABLE[currency][1] : undefined;
}
