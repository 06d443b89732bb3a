import type { Currency } from '@florin/kernel';

/**
 * What has left for other shards and come from them, by pair and currency: what was ever asked for
 * and is not refused, what of it is answered and paid, what waits for an answer, and what was
 * credited here. Of the partitions that these books keep; with their version, and whether one of
 * them is on its way, as then these are not all.
 */
export const sumTransit = {
  name: 'sum-transit',
  text: `
    SELECT (SELECT coalesce(max(books_version), 0) FROM partitions)::text AS books,
           EXISTS (SELECT FROM partition_moves WHERE state = 'fenced') AS "isMoving",
           coalesce(json_agg(sums), '[]') AS transit
      FROM (SELECT pair, currency,
                   coalesce(sum(amount) FILTER (WHERE kind <> 'arrived'), 0)::text AS departed,
                   coalesce(sum(amount) FILTER (WHERE kind = 'settled'), 0)::text AS settled,
                   coalesce(sum(amount) FILTER (WHERE kind = 'open'), 0)::text AS open,
                   coalesce(sum(amount) FILTER (WHERE kind = 'arrived'), 0)::text AS arrived
              FROM (SELECT pair, currency, amount,
                           CASE WHEN settled_at IS NULL THEN 'open' ELSE 'settled' END AS kind
                      FROM departures JOIN partitions USING (partition)
                     WHERE credited IS NOT FALSE
                     UNION ALL
                    SELECT a.pair, a.currency, a.amount, 'arrived'
                      FROM arrivals a JOIN wallets w ON w.id = a.account_id
                      JOIN partitions USING (partition)) AS crossing
             GROUP BY pair, currency) AS sums`,
};

export interface TransitRow {
  books: string;
  isMoving: boolean;
  transit: {
    pair: string;
    currency: Currency;
    departed: string;
    settled: string;
    open: string;
    arrived: string;
  }[];
}
