import type { CLEARING_REQUESTS } from '@florin/contracts';
import type pg from 'pg';
import type { z } from 'zod';
import { isoFromMicros } from '../domain/iso-time.ts';
import { bankOfClearing } from '../domain/posting.ts';
import {
  listClearingAccounts,
  readClearingEntries,
  type ClearingAccountRow,
  type ClearingEntryRow,
} from '../sql/select-clearing.ts';

type Requests = typeof CLEARING_REQUESTS;
type Request<Name extends keyof Requests> = z.infer<Requests[Name]['request']>;
type Response<Name extends keyof Requests> = z.infer<Requests[Name]['response']>;

/** What the books say about the money at banks. */
export function createClearingReads(pool: pg.Pool, nowUs: () => number) {
  return {
    async listClearingAccounts(): Promise<Response<'listClearingAccounts'>> {
      const readAt = isoFromMicros(nowUs());
      const { rows } = await pool.query<ClearingAccountRow>(listClearingAccounts);
      const accounts = rows.map(({ id, name, currency, posted, sequence }) => ({
        walletId: id,
        bank: bankOfClearing(name),
        currency,
        balance: String(posted),
        sequence: Number(sequence),
      }));
      return { readAt, accounts };
    },

    async readClearingEntries({
      walletId,
      after,
      limit,
    }: Request<'readClearingEntries'>): Promise<Response<'readClearingEntries'>> {
      const values = [walletId, after, limit];
      const { rows } = await pool.query<ClearingEntryRow>(readClearingEntries, values);
      const entries = rows.map((row) => ({
        walletId: row.wallet_id,
        sequence: Number(row.sequence),
        transactionId: row.transaction_id,
        ...(row.related_id === null ? {} : { relatedTransactionId: row.related_id }),
        type: row.type,
        amount: String(row.delta),
        createdAt: isoFromMicros(Number(row.created_us)),
      }));
      return { entries };
    },
  };
}
