import type { CLEARING_REQUESTS } from '@florin/contracts';
import type pg from 'pg';
import { present } from '@florin/kernel';
import type { z } from 'zod';
import { isoFromMicros } from '../domain/iso-time.ts';
import { plainArray } from '../adapters/array-literal.ts';
import { bankOfClearing } from '../domain/posting.ts';
import {
  findPurposes,
  listClearingAccounts,
  readClearingEntries,
  type ClearingAccountRow,
  type ClearingEntryRow,
  type ClearingPurposeRow,
} from '../sql/select-clearing.ts';
import type { ArchivedEntries } from './archived-entries.ts';

type Requests = typeof CLEARING_REQUESTS;
type Request<Name extends keyof Requests> = z.infer<Requests[Name]['request']>;
type Response<Name extends keyof Requests> = z.infer<Requests[Name]['response']>;

/** What the books say about the money at banks. */
export function createClearingReads(pool: pg.Pool, nowUs: () => number, archived: ArchivedEntries) {
  /** Entries of an account after a sequence, as far as they are archived. */
  async function archivedAfter(
    walletId: string,
    after: number,
    limit: number,
  ): Promise<ClearingEntryRow[]> {
    const last = Math.min(await archived.lastOf(walletId), after + limit);
    if (last <= after) return [];
    const entries = await archived.between(walletId, after + 1, last);
    const ids = plainArray(entries.map(({ transactionId }) => transactionId));
    const { rows } = await pool.query<ClearingPurposeRow>(findPurposes, [ids]);
    const purposes = new Map(rows.map((row) => [row.transaction_id, row]));
    return entries.map((entry) => ({
      ...present(purposes.get(entry.transactionId), 'its transaction'),
      wallet_id: walletId,
      sequence: BigInt(entry.sequence),
      delta: entry.delta,
      created_us: BigInt(entry.createdAtUs),
    }));
  }

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
      const rows = await archivedAfter(walletId, after, limit);
      if (rows.length < limit) {
        const values = [walletId, after + rows.length, limit - rows.length];
        rows.push(...(await pool.query<ClearingEntryRow>(readClearingEntries, values)).rows);
      }
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
