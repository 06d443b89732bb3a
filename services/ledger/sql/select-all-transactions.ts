import { transactionColumns } from './transaction-columns.ts';
import { passesFilter } from './transaction-filter.ts';

/** Where the part of a partition begins and ends that a page looks through. */
const part = `
     CROSS JOIN LATERAL (
       SELECT CASE WHEN $2::timestamptz IS NULL AND $8::timestamptz IS NULL THEN p.event_sequence
                   ELSE last_event_at(p.partition, least($2, $8)) END AS newest,
              CASE WHEN $7::timestamptz IS NULL AND $16::timestamptz IS NULL THEN 0
                   ELSE last_event_at(p.partition, greatest($7, $16) - interval '1 microsecond')
                   END AS before
       OFFSET 0) AS part`;

/**
 * Transactions of all wallets, newest first, older than the cursor ($2 time, $3 id) and not older
 * than $16. Each partition's are found backwards through the index that its events are told from,
 * and merged: an index of times would tell the same and cost every posting ($1 is not used).
 */
export const listAllTransactions = {
  name: 'list-all-transactions',
  text: `
    SELECT found.* FROM partitions p ${part}
     CROSS JOIN LATERAL (
       SELECT ${transactionColumns},
              (extract(epoch FROM t.created_at) * 1000000)::int8 AS at_us
         FROM transactions t
        WHERE t.partition = p.partition
          AND t.event_sequence <= part.newest AND t.event_sequence > part.before
          AND ($2::timestamptz IS NULL OR (t.created_at, t.id) < ($2, $3::uuid))
          AND $1::uuid[] IS NULL
          AND ${passesFilter}
        ORDER BY t.event_sequence DESC LIMIT $4) AS found
     ORDER BY at_us DESC, id DESC LIMIT $4`,
};

/**
 * How far back so many ($2) transactions of each partition reach that are older than a moment ($1).
 * Counted, not calculated: there are event numbers that stand for no transaction.
 */
export const furthestOfPartitions = {
  name: 'furthest-of-partitions',
  text: `
    SELECT (extract(epoch FROM max(reached.at)) * 1000000)::int8 AS at_us
      FROM partitions p
     CROSS JOIN LATERAL (
       SELECT CASE WHEN $1::timestamptz IS NULL THEN p.event_sequence
                   ELSE last_event_at(p.partition, $1) END AS newest
       OFFSET 0) AS part
     CROSS JOIN LATERAL (
       SELECT t.created_at AS at FROM transactions t
        WHERE t.partition = p.partition AND t.event_sequence <= part.newest
          AND ($1::timestamptz IS NULL OR t.created_at < $1)
        ORDER BY t.event_sequence DESC OFFSET $2::bigint - 1 LIMIT 1) AS reached`,
};
