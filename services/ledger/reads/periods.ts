import type { TransactionType } from '@florin/contracts';
import type { Currency } from '@florin/kernel';
import type pg from 'pg';
import { toEntry } from '../domain/views.ts';
import { entryFromRow, type EntryRow } from '../sql/rows.ts';
import { findPeriod, readEntries } from '../sql/select-entries.ts';
import type { RequestOf, ResponseOf } from './request-types.ts';

interface PeriodRow {
  name: string;
  currency: Currency;
  before: bigint;
  last: bigint;
  opening: bigint;
  closing: bigint;
}

type StatementRow = EntryRow & { type: TransactionType; description: string | null };

/** What statements are made of. */
export function createPeriodReads(pool: pg.Pool) {
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
      return {
        period: {
          name: row.name,
          currency: row.currency,
          first: Number(row.before) + 1,
          last: Number(row.last),
          openingBalance: String(row.opening),
          closingBalance: String(row.closing),
        },
      };
    },

    async readEntries({
      walletId,
      first,
      last,
      limit,
    }: RequestOf<'readEntries'>): Promise<ResponseOf<'readEntries'>> {
      const { rows } = await pool.query<StatementRow>(readEntries, [walletId, first, last, limit]);
      return {
        entries: rows.map(({ type, description, ...row }) => ({
          ...toEntry(entryFromRow(row)),
          type,
          ...(description === null ? {} : { description }),
        })),
      };
    },
  };
}
