import type { Currency } from '@florin/kernel';

/** Puts accounts down that are new, so that they can be locked. $1 banks, $2 currencies. */
export const addBankAccounts = {
  name: 'add-bank-accounts',
  text: `
    INSERT INTO bank_accounts (bank, currency)
    SELECT * FROM unnest($1::text[], $2::text[]) AS a (bank, currency) ORDER BY bank, currency
    ON CONFLICT DO NOTHING`,
};

/** From here on nobody else compares this account. $1 bank, $2 currency. */
export const lockBankAccount = {
  name: 'lock-bank-account',
  text: `
    SELECT statement_until, books_until FROM bank_accounts
     WHERE bank = $1 AND currency = $2 FOR UPDATE`,
};

export interface LockedAccount {
  statement_until: Date | null;
  books_until: Date | null;
}

/** What the books say by now, never what they said before. $3 time, $4 balance. */
export const setBooksUntil = {
  name: 'set-books-until',
  text: `
    UPDATE bank_accounts SET books_until = $3, book_balance = $4
     WHERE bank = $1 AND currency = $2 AND (books_until IS NULL OR books_until < $3)`,
};

/** Up to the end of the last statement before which no day is missing or incomplete. */
export const setStatementUntil = {
  name: 'set-statement-until',
  text: `
    WITH days AS (
      SELECT day, to_at, from_at <> lag(to_at) OVER (ORDER BY day) AS gap
        FROM bank_statements WHERE bank = $1 AND currency = $2)
    UPDATE bank_accounts SET statement_until = (
      SELECT max(to_at) FROM days d
       WHERE NOT EXISTS (SELECT FROM days g WHERE g.gap AND g.day <= d.day))
     WHERE bank = $1 AND currency = $2`,
};

export const listBankAccounts = {
  name: 'list-bank-accounts',
  text: 'SELECT bank, currency FROM bank_accounts ORDER BY bank, currency',
};

export interface AccountName {
  bank: string;
  currency: Currency;
}

/** Each account beside its bank: what differs, and how much of that is known. */
export const reconcileAccounts = {
  name: 'reconcile-accounts',
  text: `
    SELECT a.bank, a.currency, a.statement_until, a.books_until, a.book_balance,
           coalesce(s.closing, 0) AS bank_balance, s.to_at AS last_statement,
           coalesce(b.difference, 0)::int8 AS in_breaks,
           coalesce(b.unresolved, 0)::int AS unresolved,
           (coalesce(t.total, 0) - coalesce(o.total, 0))::int8 AS waiting
      FROM bank_accounts a
      LEFT JOIN LATERAL (
        SELECT closing, to_at FROM bank_statements
         WHERE bank = a.bank AND currency = a.currency ORDER BY day DESC LIMIT 1) s ON true
      LEFT JOIN LATERAL (
        SELECT sum(difference) AS difference, count(*) FILTER (WHERE status <> 'resolved')
               AS unresolved
          FROM statement_breaks
         WHERE bank = a.bank AND currency = a.currency
           AND (status <> 'resolved' OR resolution = 'explained')) b ON true
      LEFT JOIN LATERAL (
        SELECT sum(amount) AS total FROM bank_entries
         WHERE bank = a.bank AND currency = a.currency AND state = 'waiting') t ON true
      LEFT JOIN LATERAL (
        SELECT sum(amount) AS total FROM book_entries
         WHERE bank = a.bank AND currency = a.currency AND state = 'waiting') o ON true
     ORDER BY a.bank, a.currency`,
};

export interface ReconciledRow {
  bank: string;
  currency: Currency;
  statement_until: Date | null;
  books_until: Date | null;
  book_balance: bigint;
  bank_balance: bigint;
  last_statement: Date | null;
  in_breaks: bigint;
  unresolved: number;
  waiting: bigint;
}
