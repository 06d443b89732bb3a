/** Amounts that features know by name, in reference cents. */
export const SMALL_CENTS = 500;

/** Amounts above which authorities want to hear of a payment (USD 3,000 and 10,000). */
const REPORTING_LIMITS_CENTS = [300_000, 1_000_000];
const NEAR = 0.85;

/** How close below a reporting limit an amount is: 0 = not near, towards 1 = just below. */
export function closenessBelowLimit(cents: number): number {
  for (const limit of REPORTING_LIMITS_CENTS) {
    const share = cents / limit;
    if (share < 1 && share > NEAR) return (share - NEAR) / (1 - NEAR);
  }
  return 0;
}
