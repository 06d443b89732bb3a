/** Up to where the entries of clearing accounts ($1) are known. */
export const lastBookSequences = {
  name: 'last-book-sequences',
  text: `
    SELECT w.id, coalesce((SELECT max(sequence) FROM book_entries WHERE wallet_id = w.id), 0)
           AS last
      FROM unnest($1::uuid[]) AS w (id)`,
};

/**
 * Writes entries of a clearing account down, once each. What corrects a break ends it: it has no
 * other side at the bank. $1 bank, $2 currency, $3 wallet, then columns.
 */
export const insertBookEntries = {
  name: 'insert-book-entries',
  text: `
    INSERT INTO book_entries (bank, currency, wallet_id, sequence, transaction_id, end_to_end_id,
                              amount, booked_at, state)
    SELECT $1, $2, $3, e.sequence, e.transaction_id, e.end_to_end_id, e.amount, e.booked_at,
           CASE WHEN EXISTS (SELECT FROM statement_breaks b
                              WHERE b.adjustment_id = e.transaction_id)
                THEN 'correction' ELSE 'waiting' END
      FROM unnest($4::bigint[], $5::uuid[], $6::text[], $7::bigint[], $8::timestamptz[])
           AS e (sequence, transaction_id, end_to_end_id, amount, booked_at)
    ON CONFLICT (wallet_id, sequence) DO NOTHING`,
};

/** Entries that have no other side yet, those of breaks that nobody works on among them. */
export const freeBookEntries = {
  name: 'free-book-entries',
  text: `
    SELECT e.wallet_id, e.sequence, e.transaction_id, e.end_to_end_id, e.amount, e.booked_at,
           e.break_id
      FROM book_entries e LEFT JOIN statement_breaks b ON b.id = e.break_id
     WHERE e.bank = $1 AND e.currency = $2
       AND (e.state = 'waiting' OR (e.state = 'broken' AND b.status IN ('open', 'rejected')))`,
};

export interface BookRow {
  wallet_id: string;
  sequence: bigint;
  transaction_id: string;
  end_to_end_id: string;
  amount: bigint;
  booked_at: Date;
  break_id: string | null;
}

/** What became of entries of the books. $1 wallets, $2 sequences, $3 states, $4 breaks. */
export const setBookStates = {
  name: 'set-book-states',
  text: `
    UPDATE book_entries e SET state = c.state, break_id = c.break_id
      FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[])
           AS c (wallet_id, sequence, state, break_id)
     WHERE e.wallet_id = c.wallet_id AND e.sequence = c.sequence`,
};
