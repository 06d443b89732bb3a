import type { CLEARING_REQUESTS, ClearingEntry } from '@florin/contracts';
import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import type { z } from 'zod';
import { compareAccount, type Account } from './compare-account.ts';
import {
  addBankAccounts,
  lockBankAccount,
  setBooksUntil,
  type LockedAccount,
} from './sql/bank-accounts.ts';
import { insertBookEntries, lastBookSequences } from './sql/book-entries.ts';

type Requests = typeof CLEARING_REQUESTS;
type Answer<Name extends keyof Requests> = z.output<Requests[Name]['response']>;
type Part = Answer<'listClearingAccounts'>['accounts'][number];

interface ReadClearingDeps {
  pool: pg.Pool;
  ledger: {
    [Name in keyof Requests]: (
      question: z.input<Requests[Name]['request']>,
    ) => Promise<Answer<Name>>;
  };
  toleranceMs: number;
}

const PAGE = 1_000;

/** What the bank knows an entry by: of what goes back to it the id under which it came. */
const endToEndIdOf = ({ transactionId, relatedTransactionId }: ClearingEntry): string =>
  relatedTransactionId ?? transactionId;

/**
 * Brings the entries of our clearing accounts here, up to now, and compares each account with what
 * its bank has said so far. Entries are known by account and sequence: read again, or by two at
 * once, they are written down once.
 * @throws RetryableError while the ledger is away
 */
export function createReadClearing({ pool, ledger, toleranceMs }: ReadClearingDeps) {
  /** Up to the sequence that the balance was told with: balance and entries are of one moment. */
  async function readPart({ walletId, bank, currency, sequence }: Part, known: number) {
    let after = known;
    while (after < sequence) {
      const limit = Math.min(PAGE, sequence - after);
      const { entries } = await ledger.readClearingEntries({ walletId, after, limit });
      const last = entries.at(-1);
      if (last === undefined) return;
      await pool.query(insertBookEntries, [
        bank,
        currency,
        walletId,
        entries.map((one) => one.sequence),
        entries.map((one) => one.transactionId),
        entries.map(endToEndIdOf),
        // The bank counts the other way round.
        entries.map(({ amount }) => -BigInt(amount)),
        entries.map(({ createdAt }) => createdAt),
      ]);
      after = last.sequence;
    }
  }

  async function compare({ bank, currency }: Account, parts: readonly Part[], readAt: string) {
    const balance = parts.reduce((sum, part) => sum - BigInt(part.balance), 0n);
    await withHotTransaction(pool, async (client) => {
      await client.query(lockBankAccount, [bank, currency]);
      await client.query(setBooksUntil, [bank, currency, readAt, balance]);
      const { rows } = await client.query<LockedAccount>(lockBankAccount, [bank, currency]);
      const [locked] = rows;
      if (locked !== undefined) {
        await compareAccount(client, { bank, currency }, locked, toleranceMs);
      }
    });
  }

  return async function readClearing(): Promise<void> {
    const { readAt, accounts } = await ledger.listClearingAccounts({});
    if (accounts.length === 0) return;
    const banks = accounts.map(({ bank }) => bank);
    await pool.query(addBankAccounts, [banks, accounts.map(({ currency }) => currency)]);
    const ids = accounts.map(({ walletId }) => walletId);
    const known = await pool.query<{ id: string; last: bigint }>(lastBookSequences, [ids]);
    const last = new Map(known.rows.map((row) => [row.id, Number(row.last)]));
    for (const part of accounts) await readPart(part, last.get(part.walletId) ?? 0);
    const ofBank = Map.groupBy(accounts, ({ bank, currency }) => `${bank} ${currency}`);
    for (const parts of ofBank.values()) {
      const [first] = parts;
      if (first !== undefined) await compare(first, parts, readAt);
    }
  };
}

export type ReadClearing = ReturnType<typeof createReadClearing>;
