/** Open payments by state, answered from the two partial indexes' rows only. */
export const countOpenPayments = {
  name: 'count-open-payments',
  text: `
    SELECT state, count(*)::int AS open FROM payments
    WHERE state IN ('requested', 'asked', 'unknown')
       OR state IN ('settled', 'declined', 'abandoned')
    GROUP BY state`,
};
