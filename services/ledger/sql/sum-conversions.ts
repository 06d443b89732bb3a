/**
 * The open position of each currency, and what it was worth at the mid rates of the moments when it
 * came about. All conversions are read for it: operators ask now and then, and the balances of the
 * accounts, which say the same of the amounts, are compared with it by reconciliation. What arrived
 * from another shard has its positions there.
 */
export const sumConversions = {
  name: 'sum-conversions',
  text: `
    SELECT side.currency, c.base_currency, sum(side.amount)::text AS amount,
           sum(side.value)::text AS cost, count(*) AS conversions
      FROM conversions c
      JOIN transactions t ON t.id = c.transaction_id
      JOIN partitions p ON p.partition = t.partition
     CROSS JOIN LATERAL (VALUES (c.from_currency, c.from_amount, c.from_value),
                                (c.to_currency, -c.to_amount, -c.to_value))
        AS side (currency, amount, value)
     WHERE t.status = 'completed' AND t.event_sequence IS NOT NULL
     GROUP BY side.currency, c.base_currency
     ORDER BY side.currency, c.base_currency`,
};
