import { transactionColumns } from './transaction-columns.ts';

/**
 * Events that were committed and may not be in the event stream: those of transactions that were
 * final at once are told by their rows, all others kept their envelope. In order, a page at a time.
 */
export const unpublishedTransactions = {
  name: 'unpublished-transactions',
  text: `
    SELECT ${transactionColumns} FROM transactions t
     WHERE t.partition = $1 AND t.event_sequence > $2 AND t.event_sequence <= $3
       AND NOT EXISTS (SELECT FROM stored_events s
                        WHERE s.partition = t.partition AND s.sequence = t.event_sequence)
     ORDER BY t.event_sequence`,
};

export const unpublishedStoredEvents = {
  name: 'unpublished-stored-events',
  text: `
    SELECT sequence, name, envelope::text AS json, envelope->>'subject' AS wallet
      FROM stored_events WHERE partition = $1 AND sequence > $2 AND sequence <= $3
     ORDER BY sequence`,
};

/** The entries of transactions, found through the sequences that these remember, in their order. */
export const entriesOfTransactions = {
  name: 'entries-of-transactions',
  text: `
    SELECT e.wallet_id, e.sequence, e.transaction_id, e.currency, e.delta, e.balance_after,
           (extract(epoch FROM e.created_at) * 1000000)::int8 AS created_us
      FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS u (wallet_id, sequence, place)
     CROSS JOIN LATERAL (
       SELECT * FROM entries WHERE wallet_id = u.wallet_id AND sequence = u.sequence
       UNION ALL
       SELECT * FROM entries_elsewhere
        WHERE wallet_id = u.wallet_id AND sequence = u.sequence) e
     ORDER BY u.place`,
};
