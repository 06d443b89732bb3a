import type { Result } from '@florin/kernel';
import { parseMoney, type AmountMistake } from './money.ts';

const BASIS_POINTS = 10_000;

/** (150, 'en') → "1.5%" */
export const formatPercent = (basisPoints: number, locale: string): string =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(
    basisPoints / BASIS_POINTS,
  );

/** "1.5", as people of this locale type it, into hundredths of a percent: of those a percent has as
 * many as a euro has cents. */
export function parsePercent(text: string, locale: string): Result<number, AmountMistake> {
  const read = parseMoney(text.replace('%', ''), 'EUR', locale);
  if (!read.ok) return read;
  const value = Number(read.value);
  return value <= BASIS_POINTS ? { ok: true, value } : { ok: false, error: 'too-large' };
}
