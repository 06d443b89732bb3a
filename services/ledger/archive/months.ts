import { TerminalError } from '@florin/kernel';

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** A month of the calendar in UTC, as 2026-08, with where it begins and ends. */
export interface Month {
  name: string;
  /** Its first day, and that of the next one. */
  first: string;
  next: string;
  /** The table of its entries. */
  table: string;
}

/** @throws TerminalError when the text is no month */
export function monthOf(name: string): Month {
  const [, year, month] = MONTH.exec(name) ?? [];
  if (year === undefined || month === undefined) {
    throw new TerminalError(`not a month, as 2026-08: ${name}`);
  }
  const next = new Date(Date.UTC(Number(year), Number(month), 1)).toISOString().slice(0, 10);
  return { name, first: `${name}-01`, next, table: `entry_months.entries_${year}_${month}` };
}

/** What the file of a month is called. */
export const fileOfMonth = ({ name }: Pick<Month, 'name'>): string => `entries-${name}.parquet`;

/** A month is archived 31 days after it has ended, at the earliest. */
const KEPT_MONTHS_MIN = 2;

/** How many months before the present one stay. @throws TerminalError when the text is no such */
export function keptMonths(text: string): number {
  const months = Number(text);
  if (Number.isInteger(months) && months >= KEPT_MONTHS_MIN) return months;
  throw new TerminalError(`not how many months stay, from ${KEPT_MONTHS_MIN} on: ${text}`);
}
