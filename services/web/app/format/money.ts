import {
  exponentOf,
  formatAmount,
  isListedCurrency,
  type Currency,
  type Result,
} from '@florin/kernel';

/** Stands where the name of an asset comes that only this platform has: Intl knows none. */
const UNNAMED = 'XTS';
const named = (text: string, currency: Currency): string =>
  isListedCurrency(currency) ? text : text.replace(UNNAMED, currency.split('/')[0] ?? currency);

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: string, currency: Currency): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const known = formats.get(key);
  if (known) return known;
  const digits = exponentOf(currency);
  const made = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: isListedCurrency(currency) ? currency : UNNAMED,
    currencyDisplay: isListedCurrency(currency) ? 'narrowSymbol' : 'code',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formats.set(key, made);
  return made;
}

/** Decimal text keeps every digit: Intl reads it exactly, where a number would round it. */
const decimalOf = (minor: bigint, currency: Currency): Intl.StringNumericLiteral =>
  formatAmount(minor, currency) as Intl.StringNumericLiteral;

/** Minor units as people of this locale write them, e.g. ('2500', 'EUR', 'de') → "25,00 €". */
export const formatMoney = (minor: bigint | string, currency: Currency, locale: string): string =>
  named(formatOf(locale, currency).format(decimalOf(BigInt(minor), currency)), currency);

/** As somebody of this locale types it, e.g. ('30', 'EUR', 'de') → "0,30". */
export function formatDecimal(minor: string, currency: Currency, locale: string): string {
  const digits = exponentOf(currency);
  return new Intl.NumberFormat(locale, {
    useGrouping: false,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(decimalOf(BigInt(minor), currency));
}

export interface MoneyParts {
  /** What stands before the fraction: sign, symbol and whole units. */
  lead: string;
  /** The decimal separator and the minor units, set smaller; may be empty. */
  fraction: string;
  /** What stands after it: a symbol, in locales that write it last. */
  tail: string;
}

/** The same, cut where a large display changes its size. */
export function moneyParts(minor: string, currency: Currency, locale: string): MoneyParts {
  const parts = formatOf(locale, currency).formatToParts(decimalOf(BigInt(minor), currency));
  const from = parts.findIndex(({ type }) => type === 'decimal');
  const to = parts.findIndex(({ type }) => type === 'fraction');
  const text = (some: Intl.NumberFormatPart[]): string =>
    named(some.map(({ value }) => value).join(''), currency);
  if (from < 0) return { lead: text(parts), fraction: '', tail: '' };
  return {
    lead: text(parts.slice(0, from)),
    fraction: text(parts.slice(from, to + 1)),
    tail: text(parts.slice(to + 1)),
  };
}

export const symbolOf = (currency: Currency, locale: string): string =>
  named(
    formatOf(locale, currency)
      .formatToParts(0)
      .find(({ type }) => type === 'currency')?.value ?? currency,
    currency,
  );

export type AmountMistake = 'empty' | 'not-a-number' | 'too-many-decimals' | 'zero' | 'too-large';

/** As the API: 10^15 minor units. */
const DIGITS_MAX = 16;
const LARGEST = 10n ** 15n;

function separatorsOf(locale: string): { group: string; decimal: string } {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(1234567.8);
  const value = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return { group: value('group'), decimal: value('decimal') };
}

/** Whole groups of three, or none: "1,2345" is a slip of the finger and not twelve thousand. */
function withoutGroups(whole: string, group: string): string | undefined {
  const pieces = whole.replaceAll(/[\s\u00a0\u202f’']/g, '').split(group);
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return first;
  const grouped = first.length <= 3 && first !== '' && rest.every((piece) => piece.length === 3);
  return grouped ? pieces.join('') : undefined;
}

/**
 * Reads an amount as people of this locale type it, into minor units: "1.234,5" in German and
 * "1,234.5" in English are 123450 cents. What could be meant in two ways is refused, not guessed.
 */
export function parseMoney(
  text: string,
  currency: Currency,
  locale: string,
): Result<bigint, AmountMistake> {
  const refuse = (error: AmountMistake): Result<bigint, AmountMistake> => ({ ok: false, error });
  const typed = text.trim();
  if (typed === '') return refuse('empty');
  const { group, decimal } = separatorsOf(locale);
  const [whole = '', fraction = '', ...more] = typed.split(decimal);
  const digits = withoutGroups(whole, group);
  if (more.length > 0 || digits === undefined) return refuse('not-a-number');
  if (!/^\d*$/.test(digits) || !/^\d*$/.test(fraction) || digits + fraction === '') {
    return refuse('not-a-number');
  }
  const exponent = exponentOf(currency);
  if (fraction.length > exponent) return refuse('too-many-decimals');
  const minor = (digits + fraction.padEnd(exponent, '0')).replace(/^0+(?=.)/, '');
  if (minor === '0') return refuse('zero');
  if (minor.length > DIGITS_MAX || BigInt(minor) > LARGEST) return refuse('too-large');
  return { ok: true, value: BigInt(minor) };
}
