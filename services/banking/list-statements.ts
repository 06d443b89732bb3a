import type { BankReconciliation, STATEMENT_REQUESTS } from '@florin/contracts';
import { pageOfRows, readCursor } from '@florin/postgres';
import type pg from 'pg';
import type { z } from 'zod';
import { reconcileAccounts, type ReconciledRow } from './sql/bank-accounts.ts';
import { pageOfEntries, type EntryPageRow } from './sql/bank-entries.ts';
import {
  findStatement,
  listStatements,
  statementView,
  type StatementRow,
} from './sql/bank-statements.ts';
import {
  breakView,
  findBreak,
  listBreaks,
  stepsOfBreak,
  stepView,
  type BreakRow,
  type StepRow,
} from './sql/statement-breaks.ts';

type Requests = typeof STATEMENT_REQUESTS;
type Request<Name extends keyof Requests> = z.output<Requests[Name]['request']>;
type Response<Name extends keyof Requests> = z.input<Requests[Name]['response']>;

const PLACE = /^([0-9]{1,15})~([\x20-\x7e]{1,140})$/;

/** Entries have no ids of ours: a page ends at a time and the bank's reference. */
function readPlace(cursor: string | undefined): [Date, string] | undefined {
  const text = Buffer.from(cursor ?? '', 'base64url').toString();
  const [, ms, reference] = PLACE.exec(text) ?? [];
  return ms === undefined || reference === undefined
    ? undefined
    : [new Date(Number(ms)), reference];
}

const writePlace = ({ booked_at, reference }: EntryPageRow): string =>
  Buffer.from(`${booked_at.getTime()}~${reference}`).toString('base64url');

const entryView = (row: EntryPageRow) => ({
  reference: row.reference,
  ...(row.end_to_end_id === null ? {} : { endToEndId: row.end_to_end_id }),
  amount: String(row.amount),
  bookedAt: row.booked_at.toISOString(),
  valuedAt: row.valued_at.toISOString(),
  state: row.state,
  ...(row.transaction_id === null ? {} : { transactionId: row.transaction_id }),
  ...(row.break_id === null ? {} : { breakId: row.break_id }),
});

function reconciliationOf(row: ReconciledRow): BankReconciliation {
  const difference = row.bank_balance - row.book_balance;
  return {
    bank: row.bank,
    currency: row.currency,
    statementUntil: row.statement_until?.toISOString() ?? null,
    booksUntil: (row.books_until ?? new Date(0)).toISOString(),
    bankBalance: String(row.bank_balance),
    bookBalance: String(row.book_balance),
    difference: String(difference),
    inBreaks: String(row.in_breaks),
    waiting: String(row.waiting),
    unexplained: String(difference - row.in_breaks - row.waiting),
    openBreaks: row.unresolved,
  };
}

/** What can be seen of statements, their entries and breaks. */
export function createStatementReads(pool: pg.Pool) {
  return {
    async listStatements({ bank, currency, cursor, limit }: Request<'listStatements'>) {
      const at = readCursor(cursor);
      const values = [bank ?? null, currency ?? null, at?.at ?? null, at?.id ?? null, limit + 1];
      const { rows } = await pool.query<StatementRow>(listStatements, values);
      return pageOfRows(rows, limit, statementView);
    },

    async getStatement({ id }: Request<'getStatement'>): Promise<Response<'getStatement'>> {
      const { rows } = await pool.query<StatementRow>(findStatement, [id]);
      return { statement: rows[0] === undefined ? null : statementView(rows[0]) };
    },

    async listStatementEntries(
      asked: Request<'listStatementEntries'>,
    ): Promise<Response<'listStatementEntries'>> {
      const { statementId, state, cursor, limit } = asked;
      const [at, reference] = readPlace(cursor) ?? [null, null];
      const values = [statementId, state ?? null, at, reference, limit + 1];
      const { rows } = await pool.query<EntryPageRow>(pageOfEntries, values);
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        items: page.map(entryView),
        nextCursor: last === undefined ? null : writePlace(last),
      };
    },

    async listBreaks({ statuses, bank, kind, cursor, limit }: Request<'listBreaks'>) {
      const at = readCursor(cursor);
      const { rows } = await pool.query<BreakRow>(listBreaks, [
        statuses ?? null,
        bank ?? null,
        kind ?? null,
        at?.at ?? null,
        at?.id ?? null,
        limit + 1,
      ]);
      return pageOfRows(rows, limit, breakView);
    },

    async getBreak({ id }: Request<'getBreak'>): Promise<Response<'getBreak'>> {
      const { rows } = await pool.query<BreakRow>(findBreak, [id]);
      if (rows[0] === undefined) return { break: null };
      const { rows: steps } = await pool.query<StepRow>(stepsOfBreak, [id]);
      return { break: { ...breakView(rows[0]), history: steps.map(stepView) } };
    },

    async reconcileBanks(): Promise<Response<'reconcileBanks'>> {
      const { rows } = await pool.query<ReconciledRow>(reconcileAccounts);
      return { accounts: rows.map(reconciliationOf) };
    },
  };
}

export type StatementReads = ReturnType<typeof createStatementReads>;
