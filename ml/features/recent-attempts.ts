/**
 * A wallet's attempts of the last hour, exactly: [time, reference cents, kind] triples in the order
 * in which they came. Longer windows use buckets.
 */
export type RecentAttempts = number[];

/** The times at which attempts were declined. The ledger tells them, orders tell attempts. */
export type RecentDeclines = number[];

export const HOUR_MS = 3_600_000;
const STRIDE = 3;

/** Beyond so many in an hour a wallet is busy enough: counts stop here, memory stays bounded. */
const ENTRIES_MAX = 256;

export const KIND = { credit: 1, debit: 2 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

export function pushAttempt(
  attempts: RecentAttempts,
  now: number,
  cents: number,
  kind: Kind,
): void {
  makeRoom(attempts, now, STRIDE);
  attempts.push(now, cents, kind);
}

export function pushDecline(declines: RecentDeclines, now: number): void {
  makeRoom(declines, now, 1);
  declines.push(now);
}

/** Drops what is over an hour old at `now`, and the oldest of too many. */
function makeRoom(entries: number[], now: number, stride: number): void {
  let stale = 0;
  while (stale < entries.length && (entries[stale] as number) <= now - HOUR_MS) stale += stride;
  if (entries.length - stale >= ENTRIES_MAX * stride) stale += stride;
  if (stale > 0) entries.splice(0, stale);
}

export interface RecentCounts {
  attempts5m: number;
  attempts1h: number;
  small1h: number;
  spent1h: number;
}

const FIVE_MINUTES_MS = 300_000;

/** Counts over (now − window, now], before the transaction at hand. `smallCents` is "small". */
export function countAttempts(
  attempts: RecentAttempts,
  now: number,
  smallCents: number,
  counts: RecentCounts,
): void {
  counts.attempts5m = counts.attempts1h = counts.small1h = counts.spent1h = 0;
  for (let i = attempts.length - STRIDE; i >= 0; i -= STRIDE) {
    const age = now - (attempts[i] as number);
    if (age < 0 || age >= HOUR_MS) continue;
    const cents = attempts[i + 1] as number;
    counts.attempts1h += 1;
    if (age < FIVE_MINUTES_MS) counts.attempts5m += 1;
    if (cents < smallCents) counts.small1h += 1;
    if (attempts[i + 2] === KIND.debit) counts.spent1h += cents;
  }
}

/** Those in (now − hour, now]. */
export function countDeclines(declines: RecentDeclines, now: number): number {
  let count = 0;
  for (const then of declines) if (then <= now && now - then < HOUR_MS) count += 1;
  return count;
}

/** The time of the newest attempt that is remembered. */
export const newestAttempt = (attempts: RecentAttempts): number | undefined => attempts.at(-STRIDE);
