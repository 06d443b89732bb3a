import { isCurrency } from '@florin/kernel';

const SECONDS: Record<string, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** The largest unit that leaves a whole one. */
const UNITS: [unit: string, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

function formatDuration(seconds: number, locale: string): string {
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumSignificantDigits: 3,
  }).format(seconds / size);
}

/**
 * A figure that the scorer saw, as people say it: 0.00003 days are 2.6 seconds, a share of 0.5 is
 * 50 %, a ratio of 3 is three times.
 */
export function formatObserved(value: number, unit: string | undefined, locale: string): string {
  if (unit !== undefined && unit in SECONDS) {
    return formatDuration(value * (SECONDS[unit] ?? 1), locale);
  }
  if (unit === 'share') {
    const options = { style: 'percent', maximumFractionDigits: 1 } as const;
    return new Intl.NumberFormat(locale, options).format(value);
  }
  if (unit !== undefined && isCurrency(unit)) {
    return new Intl.NumberFormat(locale, { style: 'currency', currency: unit }).format(value);
  }
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 }).format(value);
  if (unit === 'ratio') return `${number} ×`;
  return unit === undefined ? number : `${number} ${unit}`;
}
