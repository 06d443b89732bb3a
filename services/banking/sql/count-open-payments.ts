/**
 * Open payments by state, answered from the two partial indexes' rows only. What its provider has
 * taken and works on, for days perhaps, is `awaited`: nobody is in doubt about it.
 */
export const countOpenPayments = {
  name: 'count-open-payments',
  text: `
    SELECT CASE WHEN state = 'unknown' AND provider_reference IS NOT NULL THEN 'awaited'
                ELSE state END AS state,
           count(*)::int AS open
    FROM payments
    WHERE state IN ('requested', 'asked', 'unknown')
       OR state IN ('settled', 'declined', 'abandoned')
    GROUP BY 1`,
};
