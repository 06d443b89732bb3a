import { differenceInCalendarDays, startOfDay } from 'date-fns';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, known);
  return known;
}

/** "14:05" */
export const formatTime = (time: string | Date, locale: string): string =>
  formatOf(locale, { timeStyle: 'short' }).format(new Date(time));

/** "Nov 20, 2026, 14:05:12" */
export const formatMoment = (time: string | Date, locale: string): string =>
  formatOf(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(time));

/** "Nov 20, 14:05" */
export const formatShort = (time: string | Date, locale: string): string =>
  formatOf(locale, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(
    new Date(time),
  );

/** "Today", "Yesterday", then the date; the year only when it is another one. */
export function formatDay(time: string | Date, locale: string, now = new Date()): string {
  const day = new Date(time);
  const ago = differenceInCalendarDays(now, day);
  if (ago >= 0 && ago < 2) {
    const text = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-ago, 'day');
    return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
  }
  const thisYear = day.getFullYear() === now.getFullYear();
  return formatOf(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(thisYear ? {} : { year: 'numeric' }),
  }).format(day);
}

/** What groups a list by day: the same for all times of one local day. */
export const dayOf = (time: string): string => startOfDay(new Date(time)).toISOString();

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** "5 minutes ago", "in 2 hours". */
export function formatRelative(time: string, locale: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  const [unit, size] =
    STEPS.find(([, each]) => Math.abs(seconds) >= each) ?? (['second', 1] as const);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  return format.format(Math.trunc(seconds / size), unit);
}
