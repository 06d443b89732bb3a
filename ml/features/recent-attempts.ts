/**
 * A wallet's attempts and declines of the last hour, exactly: [time, reference cents, kind] triples
 * in the order in which they came. Longer windows use buckets.
 */
export type RecentAttempts = number[];

export const HOUR_MS = 3_600_000;
const STRIDE = 3;

/** Beyond so many in an hour a wallet is busy enough: counts stop here, memory stays bounded. */
const ENTRIES_MAX = 256;

export const KIND = { decline: 0, credit: 1, debit: 2 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

export function pushRecent(recent: RecentAttempts, now: number, cents: number, kind: Kind): void {
  let stale = 0;
  while (stale < recent.length && (recent[stale] as number) <= now - HOUR_MS) stale += STRIDE;
  if (recent.length - stale >= ENTRIES_MAX * STRIDE) stale += STRIDE;
  if (stale > 0) recent.splice(0, stale);
  recent.push(now, cents, kind);
}

export interface RecentCounts {
  attempts5m: number;
  attempts1h: number;
  declines1h: number;
  small1h: number;
  spent1h: number;
}

const FIVE_MINUTES_MS = 300_000;

/** Counts over (now − window, now], before the transaction at hand. `smallCents` is "small". */
export function countRecent(
  recent: RecentAttempts,
  now: number,
  smallCents: number,
  counts: RecentCounts,
): void {
  counts.attempts5m = counts.attempts1h = counts.declines1h = counts.small1h = counts.spent1h = 0;
  for (let i = recent.length - STRIDE; i >= 0; i -= STRIDE) {
    const age = now - (recent[i] as number);
    if (age < 0 || age >= HOUR_MS) continue;
    const kind = recent[i + 2] as Kind;
    if (kind === KIND.decline) {
      counts.declines1h += 1;
      continue;
    }
    const cents = recent[i + 1] as number;
    counts.attempts1h += 1;
    if (age < FIVE_MINUTES_MS) counts.attempts5m += 1;
    if (cents < smallCents) counts.small1h += 1;
    if (kind === KIND.debit) counts.spent1h += cents;
  }
}
