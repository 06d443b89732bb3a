import type { RefusalCode } from '@florin/contracts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Pauses before it is tried again: people spend what they got, and get something again. */
export const TAKE_BACK_PAUSES_MS: readonly number[] = [
  MINUTE_MS,
  10 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  24 * HOUR_MS,
  3 * 24 * HOUR_MS,
  7 * 24 * HOUR_MS,
];

/** A tenth more or less. */
const JITTER = 0.1;

/** What may be otherwise another time. */
const PASSES: readonly string[] = ['insufficient-funds', 'wallet-frozen'] satisfies RefusalCode[];

/**
 * When to try again what the ledger refused; undefined when that would change nothing, or was the
 * last time.
 * @param attempts how often it was tried
 * @param random from 0 to 1
 */
export function takeBackPauseMs(
  code: string,
  attempts: number,
  pauses: readonly number[],
  random: number,
): number | undefined {
  const pause = pauses[attempts - 1];
  if (pause === undefined || !PASSES.includes(code)) return undefined;
  return Math.round(pause * (1 + JITTER * (2 * random - 1)));
}
