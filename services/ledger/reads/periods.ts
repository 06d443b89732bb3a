import type { TransactionType } from '@florin/contracts';
import { present, type Currency } from '@florin/kernel';
import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import type { EntryState } from '../domain/book.ts';
import { microsFromIso } from '../domain/iso-time.ts';
import { toEntry } from '../domain/views.ts';
import { purposesOfTransactions } from '../sql/opening-balances.ts';
import { entryFromRow, type EntryRow } from '../sql/rows.ts';
import { findPeriod, readEntries } from '../sql/select-entries.ts';
import type { ArchivedEntries } from './archived-entries.ts';
import type { RequestOf, ResponseOf } from './request-types.ts';

interface PeriodRow {
  name: string;
  currency: Currency;
  before: bigint;
  last: bigint;
  opening: bigint;
  closing: bigint;
}

interface Purpose {
  type: TransactionType;
  description: string | null;
}

type StatementRow = EntryRow & Purpose;

/** What statements are made of. */
export function createPeriodReads(pool: pg.Pool, archived: ArchivedEntries) {
  /** Where a wallet stood before a moment, when that is in an archived month. */
  const placeBefore = (walletId: string, moment: string | undefined) =>
    moment === undefined ? undefined : archived.placeAt(walletId, microsFromIso(moment) - 1);

  async function archivedEntries(walletId: string, first: number, last: number) {
    const entries = await archived.between(walletId, first, last);
    if (entries.length === 0) return [];
    const ids = plainArray(entries.map(({ transactionId }) => transactionId));
    const { rows } = await pool.query<Purpose & { id: string }>(purposesOfTransactions, [ids]);
    const purposes = new Map(rows.map((row) => [row.id, row]));
    return entries.map((entry) =>
      toStatementEntry(entry, present(purposes.get(entry.transactionId), 'its transaction')),
    );
  }

  return {
    async getPeriod({
      walletId,
      from,
      to,
    }: RequestOf<'getPeriod'>): Promise<ResponseOf<'getPeriod'>> {
      const values = [walletId, from ?? null, to ?? null];
      const { rows } = await pool.query<PeriodRow>(findPeriod, values);
      const [row] = rows;
      if (row === undefined) return { period: null };
      const before = await placeBefore(walletId, from);
      const last = await placeBefore(walletId, to);
      return {
        period: {
          name: row.name,
          currency: row.currency,
          first: (before?.sequence ?? Number(row.before)) + 1,
          last: last?.sequence ?? Number(row.last),
          openingBalance: String(before?.balance ?? row.opening),
          closingBalance: String(last?.balance ?? row.closing),
        },
      };
    },

    async readEntries({
      walletId,
      first,
      last,
      limit,
    }: RequestOf<'readEntries'>): Promise<ResponseOf<'readEntries'>> {
      const end = Math.min(last, first + limit - 1);
      const values = [walletId, first, end, limit];
      const { rows } = await pool.query<StatementRow>(readEntries, values);
      const found = rows.map((row) => toStatementEntry(entryFromRow(row), row));
      const missing = (found[0]?.sequence ?? end + 1) - 1;
      if (missing < first) return { entries: found };
      return { entries: [...(await archivedEntries(walletId, first, missing)), ...found] };
    },
  };
}

const toStatementEntry = (entry: EntryState, { type, description }: Purpose) => ({
  ...toEntry(entry),
  type,
  ...(description === null ? {} : { description }),
});
