/** Entries of a statement ($1) as they are known. */
export const entriesOfStatement = {
  name: 'entries-of-statement',
  text: `
    SELECT reference, end_to_end_id, amount, booked_at, valued_at, wallet_id, sequence
      FROM bank_entries WHERE statement_id = $1`,
};

export interface KnownEntryRow {
  reference: string;
  end_to_end_id: string | null;
  amount: bigint;
  booked_at: Date;
  valued_at: Date;
  wallet_id: string | null;
  sequence: bigint | null;
}

/** Entries that the bank tells no more, or otherwise. $1 bank, $2 currency, $3 references. */
export const deleteBankEntries = {
  name: 'delete-bank-entries',
  text: `
    DELETE FROM bank_entries WHERE bank = $1 AND currency = $2 AND reference = ANY ($3::text[])`,
};

/** One of the references that stands in another statement of the account, if any does. */
export const findForeignReference = {
  name: 'find-foreign-reference',
  text: `
    SELECT reference FROM bank_entries
     WHERE bank = $1 AND currency = $2 AND reference = ANY ($3::text[]) AND statement_id <> $4
     LIMIT 1`,
};

/** $1 bank, $2 currency, $3 statement, then columns. */
export const insertBankEntries = {
  name: 'insert-bank-entries',
  text: `
    INSERT INTO bank_entries (bank, currency, statement_id, reference, end_to_end_id, amount,
                              booked_at, valued_at)
    SELECT $1, $2, $3, * FROM unnest($4::text[], $5::text[], $6::bigint[], $7::timestamptz[],
                                     $8::timestamptz[])`,
};

/** Entries that have no other side yet, those of breaks that nobody works on among them. */
export const freeBankEntries = {
  name: 'free-bank-entries',
  text: `
    SELECT e.reference, e.end_to_end_id, e.amount, e.booked_at, e.break_id
      FROM bank_entries e LEFT JOIN statement_breaks b ON b.id = e.break_id
     WHERE e.bank = $1 AND e.currency = $2
       AND (e.state = 'waiting' OR (e.state = 'broken' AND b.status IN ('open', 'rejected')))`,
};

export interface FreeBankRow {
  reference: string;
  end_to_end_id: string | null;
  amount: bigint;
  booked_at: Date;
  break_id: string | null;
}

/** Of these ids ($3) the payments that an entry stands for already, whatever came of it. */
export const settledPayments = {
  name: 'settled-payments',
  text: `
    SELECT e.end_to_end_id, e.amount
      FROM bank_entries e LEFT JOIN statement_breaks b ON b.id = e.break_id
     WHERE e.bank = $1 AND e.currency = $2 AND e.end_to_end_id = ANY ($3::text[])
       AND (e.state = 'matched' OR (e.state = 'broken' AND b.status IN ('proposed', 'resolved')))`,
};

/**
 * What became of entries of the bank. $1 bank, $2 currency, then columns: reference, state, wallet
 * and sequence of what it was matched with, break.
 */
export const setBankStates = {
  name: 'set-bank-states',
  text: `
    UPDATE bank_entries e
       SET state = c.state, wallet_id = c.wallet_id, sequence = c.sequence, break_id = c.break_id
      FROM unnest($3::text[], $4::text[], $5::uuid[], $6::bigint[], $7::uuid[])
           AS c (reference, state, wallet_id, sequence, break_id)
     WHERE e.bank = $1 AND e.currency = $2 AND e.reference = c.reference`,
};

/** Of a statement ($1), in order, after a time ($3) and reference ($4). */
export const pageOfEntries = {
  name: 'page-of-entries',
  text: `
    SELECT e.reference, e.end_to_end_id, e.amount, e.booked_at, e.valued_at, e.state, e.break_id,
           o.transaction_id
      FROM bank_entries e
      LEFT JOIN book_entries o ON o.wallet_id = e.wallet_id AND o.sequence = e.sequence
     WHERE e.statement_id = $1 AND ($2::text IS NULL OR e.state = $2)
       AND ($3::timestamptz IS NULL OR (e.booked_at, e.reference) > ($3, $4::text))
     ORDER BY e.booked_at, e.reference LIMIT $5`,
};

export interface EntryPageRow {
  reference: string;
  end_to_end_id: string | null;
  amount: bigint;
  booked_at: Date;
  valued_at: Date;
  state: 'waiting' | 'matched' | 'broken';
  break_id: string | null;
  transaction_id: string | null;
}
