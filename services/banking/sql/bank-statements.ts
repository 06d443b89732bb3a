import type { BankStatement } from '@florin/contracts';
import type { Currency } from '@florin/kernel';

const columns = `
    id, bank, currency, to_char(day, 'YYYY-MM-DD') AS day, from_at, to_at, complete, opening,
    closing, entries, content_hash, source, imported_by, imported_at AS "createdAt"`;

export const findStatement = {
  name: 'find-statement',
  text: `SELECT ${columns} FROM bank_statements WHERE id = $1`,
};

/** Writes a statement down in the place of an earlier one of its day. */
export const writeStatement = {
  name: 'write-statement',
  text: `
    INSERT INTO bank_statements (id, bank, currency, day, from_at, to_at, complete, opening,
                                 closing, entries, content_hash, source, imported_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (id) DO UPDATE
       SET to_at = excluded.to_at, complete = excluded.complete, opening = excluded.opening,
           closing = excluded.closing, entries = excluded.entries, source = excluded.source,
           content_hash = excluded.content_hash, imported_by = excluded.imported_by,
           imported_at = excluded.imported_at
    RETURNING ${columns}`,
};

/** The last imported first, before the cursor ($3 time, $4 id). $1 bank, $2 currency. */
export const listStatements = {
  name: 'list-statements',
  text: `
    SELECT ${columns} FROM bank_statements
     WHERE ($1::text IS NULL OR bank = $1) AND ($2::text IS NULL OR currency = $2)
       AND ($3::timestamptz IS NULL OR (imported_at, id) < ($3, $4::uuid))
     ORDER BY imported_at DESC, id DESC LIMIT $5`,
};

/** Days of a bank ($1) that need not be asked for again, each statement of them being complete. */
export const completeDays = {
  name: 'complete-days',
  text: `
    SELECT to_char(day, 'YYYY-MM-DD') AS day FROM bank_statements WHERE bank = $1
     GROUP BY day HAVING bool_and(complete)`,
};

export interface StatementRow {
  id: string;
  bank: string;
  currency: Currency;
  day: string;
  from_at: Date;
  to_at: Date;
  complete: boolean;
  opening: bigint;
  closing: bigint;
  entries: number;
  content_hash: string;
  source: 'fetched' | 'uploaded';
  imported_by: string | null;
  createdAt: Date;
}

export const statementView = (row: StatementRow): BankStatement => ({
  id: row.id,
  bank: row.bank,
  currency: row.currency,
  day: row.day,
  from: row.from_at.toISOString(),
  to: row.to_at.toISOString(),
  complete: row.complete,
  openingBalance: String(row.opening),
  closingBalance: String(row.closing),
  entries: row.entries,
  source: row.source,
  ...(row.imported_by === null ? {} : { importedBy: row.imported_by }),
  importedAt: row.createdAt.toISOString(),
});
