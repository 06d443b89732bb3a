import type { PaymentKind } from './payment.ts';

/** Delays that grow from `baseMs` by doubling and stop growing at `capMs`. */
export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** How patient a payment is. */
export interface PaymentPolicy {
  /** How long after its creation a payment may still be started; null = for ever. */
  readonly deadlineMs: Readonly<Record<PaymentKind, number | null>>;
  /** A charge that the bank could not be asked for so many times is given up: somebody waits. */
  readonly chargeAttemptsMax: number;
  /** How long a request whose answer was lost may still reach the bank. */
  readonly inFlightMsMax: number;
  /** Between two requests. */
  readonly ask: Backoff;
  /** Between two looks at the bank's status. */
  readonly poll: Backoff;
  /** Between two questions to the ledger whether it has settled. */
  readonly confirm: Backoff;
}

export const POLICY_DEFAULT: PaymentPolicy = {
  deadlineMs: { charge: 30_000, payout: null },
  chargeAttemptsMax: 3,
  inFlightMsMax: 10_000,
  ask: { baseMs: 400, capMs: 5_000 },
  poll: { baseMs: 250, capMs: 10_000 },
  confirm: { baseMs: 2_000, capMs: 60_000 },
};

const bound = (round: number, { baseMs, capMs }: Backoff): number =>
  Math.min(capMs, baseMs * 2 ** Math.max(0, round - 1));

/**
 * Full jitter: anywhere up to the bound of the given round (1 is the first).
 * @param random 0 ≤ random < 1
 */
export const jitteredMs = (round: number, backoff: Backoff, random: number): number =>
  Math.floor(random * bound(round, backoff));

/** Half the bound for certain, the rest by chance: for questions that come too early in vain. */
export const steadyMs = (round: number, backoff: Backoff, random: number): number =>
  Math.floor(((1 + random) / 2) * bound(round, backoff));
