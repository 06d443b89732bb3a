const DAY_MS = 86_400_000;

/** The UTC day of a time, as in 2026-01-31. */
export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

const before = (day: string): string => dayOf(Date.parse(day) - DAY_MS);

/** How many days in a row end with `day`, itself included. @param earlier days, in any order */
export function daysInARow(day: string, earlier: readonly string[]): number {
  const known = new Set(earlier);
  let days = 1;
  for (let at = before(day); known.has(at); at = before(at)) days += 1;
  return days;
}

interface PointTerms {
  pointsPerDay: number;
  pointsPerDayMax: number;
}

/** What the last of so many days in a row is worth. */
export const pointsOf = ({ pointsPerDay, pointsPerDayMax }: PointTerms, days: number): number =>
  Math.min(pointsPerDay * days, pointsPerDayMax);
