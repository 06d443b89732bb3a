import type { RecurrenceRule } from '@florin/contracts';
import { Temporal } from 'temporal-polyfill';

/**
 * Which moments a rule names. Everything follows from rule and number alone, so that an occurrence
 * is the same one whoever calculates it, and whenever.
 */

const NOMINAL_DAYS = { once: 1, daily: 1, weekly: 7, monthly: 31 } as const;
const DAY_MS = 86_400_000;
/** No rule goes beyond it: years as far as dates may be written. */
const LAST_YEAR = 2099;

/**
 * The day of the n-th occurrence. Months are counted from the first day, not from the one before:
 * the 31st becomes the 28th of February and is the 31st of March again.
 */
function dayOf(rule: RecurrenceRule, number: number): Temporal.PlainDate {
  const first = Temporal.PlainDate.from(rule.startAt.slice(0, 10));
  const steps = (number - 1) * rule.interval;
  switch (rule.frequency) {
    case 'once':
      return first;
    case 'daily':
      return first.add({ days: steps });
    case 'weekly':
      return first.add({ weeks: steps });
    case 'monthly':
      return first.add({ months: steps }, { overflow: 'constrain' });
  }
}

const lastNumberOf = (rule: RecurrenceRule): number =>
  rule.frequency === 'once' ? 1 : (rule.count ?? Infinity);

/** When on a day, by the clocks of the place. What they skip in spring comes as much later. */
function momentOf(rule: RecurrenceRule, day: Temporal.PlainDate): number {
  const time = Temporal.PlainTime.from(rule.startAt.slice(11));
  const local = day.toPlainDateTime(time);
  return local.toZonedDateTime(rule.timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
}

/** When the occurrence with this number (from 1) is, in ms since 1970; undefined past the end. */
export function occurrenceAt(rule: RecurrenceRule, number: number): number | undefined {
  if (number > lastNumberOf(rule)) return undefined;
  const day = dayOf(rule, number);
  if (day.year > LAST_YEAR) return undefined;
  if (rule.endDate !== undefined && Temporal.PlainDate.compare(day, rule.endDate) > 0) {
    return undefined;
  }
  return momentOf(rule, day);
}

export interface PlannedMoment {
  number: number;
  atMs: number;
}

/** The first occurrence later than a moment, if there is one. */
export function firstAfter(rule: RecurrenceRule, afterMs: number): PlannedMoment | undefined {
  const firstMs = occurrenceAt(rule, 1);
  if (firstMs === undefined) return undefined;
  const periodMs = NOMINAL_DAYS[rule.frequency] * rule.interval * DAY_MS;
  // Never too far: periods are not longer than this, but for clocks that were changed.
  const passed = Math.floor((afterMs - firstMs) / periodMs) - 2;
  for (let number = Math.max(1, passed); ; number++) {
    const atMs = occurrenceAt(rule, number);
    if (atMs === undefined) return undefined;
    if (atMs > afterMs) return { number, atMs };
  }
}
