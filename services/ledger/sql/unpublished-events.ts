import { transactionColumns } from './transaction-columns.ts';

/**
 * Events that were committed and may not be in the event stream: first events are told by their
 * transactions, later ones kept their envelope. In order, a page at a time.
 */
export const unpublishedTransactions = {
  name: 'unpublished-transactions',
  text: `
    SELECT ${transactionColumns} FROM transactions t
     WHERE t.partition = $1 AND t.event_sequence > $2 AND t.event_sequence <= $3
     ORDER BY t.event_sequence`,
};

export const unpublishedLaterEvents = {
  name: 'unpublished-later-events',
  text: `
    SELECT sequence, name, envelope::text AS json, envelope->>'subject' AS wallet
      FROM later_events WHERE partition = $1 AND sequence > $2 AND sequence <= $3
     ORDER BY sequence`,
};

/** The entries of transactions, found through the sequences that the transactions remember. */
export const entriesOfTransactions = {
  name: 'entries-of-transactions',
  text: `
    SELECT e.wallet_id, e.sequence, e.transaction_id, e.currency, e.delta, e.balance_after,
           (extract(epoch FROM e.created_at) * 1000000)::int8 AS created_us
      FROM unnest($1::uuid[], $2::bigint[]) AS u (wallet_id, sequence)
      JOIN entries e ON e.wallet_id = u.wallet_id AND e.sequence = u.sequence`,
};
