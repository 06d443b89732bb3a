const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long after each failed attempt the next one comes (Standard Webhooks, "retries"). */
export const RETRY_SCHEDULE_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** The same for mails: servers that want to see somebody twice are satisfied after a minute. */
export const MAIL_RETRY_SCHEDULE_MS: readonly number[] = [
  MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  8 * HOUR,
  24 * HOUR,
];

/** A tenth more or less: receivers that come back are not met by everybody at once. */
const JITTER = 0.1;

/**
 * When to try again after so many failed attempts; undefined when that was the last one.
 * @param random from 0 to 1
 */
export function retryDelayMs(
  schedule: readonly number[],
  failedAttempts: number,
  random: number,
): number | undefined {
  const delay = schedule[failedAttempts - 1];
  return delay === undefined ? undefined : Math.round(delay * (1 + JITTER * (2 * random - 1)));
}
