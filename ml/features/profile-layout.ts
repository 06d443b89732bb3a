import { cellsOf, type BucketWindow } from './bucket-window.ts';

/**
 * A wallet's profile is one row of doubles: a snapshot is a copy, and 100,000 profiles are a known
 * number of bytes. Times are ms since 1970 (0 = never), money is reference cents.
 */
const FIELDS = [
  'hash',
  'openedAt',
  /** Hash of the owner's id (0 = not known): people prove who they are, wallets don't. */
  'owner',
  /** The newest event of any kind: what has been idle for long is parked. */
  'seenAt',
  'attemptAt',
  'attempts',
  'balance',
  'balanceKnown',
  /** Completed payments: how many, mean and sum of squared deviations of ln(cents), largest. */
  'payments',
  'logMean',
  'logSquares',
  'largest',
  'creditAt',
  'credit',
  'credits',
  /** Reports of fraud on what it paid and on what it received. */
  'ownReports',
  'receivedReports',
  'latitude',
  'longitude',
  'placeAt',
  'countries',
  /** Where the next sender goes in the ring of the latest senders. */
  'senderCursor',
] as const;

export const P = Object.fromEntries(FIELDS.map((name, index) => [name, index])) as Record<
  (typeof FIELDS)[number],
  number
>;

/** Attempts per four hours of the day (UTC). */
export const HOURS = { start: FIELDS.length, count: 6, widthMs: 4 * 3_600_000 } as const;

/** The latest distinct senders, as [hash, time], to see circles close. */
export const SENDERS = { start: HOURS.start + HOURS.count, count: 4, stride: 2 } as const;

const DAY_MS = 86_400_000;
const dayStart = SENDERS.start + SENDERS.count * SENDERS.stride;
const weekStart = dayStart + cellsOf(8, 6);
const monthStart = weekStart + cellsOf(7, 6);

/** 24 hours in buckets of three hours. */
export const DAY: BucketWindow = {
  head: dayStart,
  start: dayStart + 1,
  widthMs: DAY_MS / 8,
  buckets: 8,
  series: 6,
};
export const IN_DAY = { attempts: 0, spent: 1, declines: 2, received: 3, senders: 4, payees: 5 };

/** 7 days in buckets of a day. */
export const WEEK: BucketWindow = {
  head: weekStart,
  start: weekStart + 1,
  widthMs: DAY_MS,
  buckets: 7,
  series: 6,
};
export const IN_WEEK = { attempts: 0, spent: 1, received: 2, senders: 3, newPayees: 4, below: 5 };

/** 30 days in buckets of five days. */
export const MONTH: BucketWindow = {
  head: monthStart,
  start: monthStart + 1,
  widthMs: 5 * DAY_MS,
  buckets: 6,
  series: 2,
};
export const IN_MONTH = { spent: 0, devices: 1 };

export const PROFILE_CELLS = monthStart + cellsOf(6, 2);
