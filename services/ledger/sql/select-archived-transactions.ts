import { withoutEntries } from './select-transactions.ts';
import { transactionColumns } from './transaction-columns.ts';
import { passesFilter } from './transaction-filter.ts';

/**
 * As `listTransactions`, where the entries of the wallets are archived: what was found of them in
 * the archive comes as wallets ($17), transactions ($18) and times ($19), and what has no entries
 * is not older than $16.
 */
export const listArchivedTransactions = {
  name: 'list-archived-transactions',
  text: `
    SELECT DISTINCT ON (at_us, id) * FROM (
      (SELECT ${transactionColumns}, found.at_us
         FROM unnest($17::uuid[], $18::uuid[], $19::bigint[]) AS found (wallet_id, id, at_us)
         JOIN transactions t ON t.id = found.id
        WHERE (t.wallet_id = found.wallet_id OR t.wallet_id <> ALL ($1::uuid[]))
          AND ${passesFilter})
      UNION ALL
      (SELECT ${transactionColumns},
              (extract(epoch FROM t.created_at) * 1000000)::int8 AS at_us
         FROM transactions t
        WHERE ${withoutEntries}
          AND t.wallet_id = ANY ($1::uuid[])
          AND (t.created_at, t.id) < ($2::timestamptz, $3::uuid)
          AND ($16::timestamptz IS NULL OR t.created_at >= $16)
          AND ${passesFilter}
        ORDER BY t.created_at DESC, t.id DESC LIMIT $4)
    ) AS merged
    ORDER BY at_us DESC, id DESC LIMIT $4`,
};
