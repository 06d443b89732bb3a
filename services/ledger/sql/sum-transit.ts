import type { Currency } from '@florin/kernel';

/**
 * What has left for other shards and come from them, by pair and currency: what was ever asked for
 * and is not refused, what of it is answered and paid, what waits for an answer, and what was
 * credited here.
 */
export const sumTransit = {
  name: 'sum-transit',
  text: `
    SELECT pair, currency,
           coalesce(sum(amount) FILTER (WHERE kind <> 'arrived'), 0)::text AS departed,
           coalesce(sum(amount) FILTER (WHERE kind = 'settled'), 0)::text AS settled,
           coalesce(sum(amount) FILTER (WHERE kind = 'open'), 0)::text AS open,
           coalesce(sum(amount) FILTER (WHERE kind = 'arrived'), 0)::text AS arrived
      FROM (SELECT pair, currency, amount,
                   CASE WHEN settled_at IS NULL THEN 'open' ELSE 'settled' END AS kind
              FROM departures WHERE credited IS NOT FALSE
             UNION ALL
            SELECT pair, currency, amount, 'arrived' FROM arrivals) AS crossing
     GROUP BY pair, currency`,
};

export interface TransitRow {
  pair: string;
  currency: Currency;
  departed: string;
  settled: string;
  open: string;
  arrived: string;
}
