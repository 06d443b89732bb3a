import { createHotPool, ensurePartitions } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClearingReads } from '../reads/clearing.ts';
import { unarchived } from './old-books.ts';

/**
 * Hunts an entry of a clearing account that the comparison with a bank never sees, sees twice, or
 * knows by another id than the bank does; and somebody's own wallet that is read along with it.
 */

const id = (n: number): string => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [CLEARING, OTHER, WALLET] = [id(1), id(2), id(3)];

let pool: pg.Pool;
let reads: ReturnType<typeof createClearingReads>;

beforeAll(async () => {
  const url = await freshDatabase('ledger_lanes', new URL('../migrations', import.meta.url));
  pool = createHotPool({ url, applicationName: 'clearing', max: 2 });
  await ensurePartitions(pool, 2);
  reads = createClearingReads(pool, () => 1_700_000_000_000_000, unarchived(pool));
  await pool.query(
    `INSERT INTO wallets (id, partition, kind, owner_id, name, currency, status, posted,
                          overdraft_limit, sequence, created_at, changed_at)
     VALUES ($1, 0, 'bank-clearing', NULL, 'first-bank clearing', 'USD', 'active', -20, 99, 3,
             '2026-01-01', '2026-01-01'),
            ($2, 1, 'bank-clearing', NULL, 'first-bank clearing', 'EUR', 'active', 0, 99, 0,
             '2026-01-01', '2026-01-01'),
            ($3, 0, 'user', $3, 'Everyday', 'USD', 'active', 20, 0, 3, '2026-01-01', '2026-01-01')`,
    [CLEARING, OTHER, WALLET],
  );
  await pool.query(
    `WITH moved AS (
       SELECT n, ('01890000-0000-7000-8000-' || lpad((100 + n)::text, 12, '0'))::uuid AS id,
              CASE WHEN n = 3 THEN 'reversal' ELSE 'deposit' END AS type,
              CASE WHEN n = 3 THEN -20 ELSE 20 END AS delta, '2026-01-02'::timestamptz AS at
         FROM generate_series(1, 3) n
     ), told AS (
       INSERT INTO transactions (id, partition, event_sequence, type, status, wallet_id, amount,
         currency, client_id, body_hash, origin, wallet_sequence, wallet_posted, wallet_held,
         created_at, completed_at)
       SELECT id, 0, n, type, 'completed', $2, 20, 'USD', 'c', 'h', '', n, 20, 0, at, at
         FROM moved RETURNING 1
     ), followed AS (
       INSERT INTO follow_ups (transaction_id, related_id, remaining)
       SELECT $3, id, 0 FROM moved WHERE n = 1
     )
     INSERT INTO entries (wallet_id, sequence, transaction_id, currency, delta, balance_after,
                          created_at)
     SELECT $2, n, id, 'USD', delta, CASE WHEN n = 2 THEN 40 ELSE 20 END, at FROM moved
     UNION ALL SELECT $1, n, id, 'USD', -delta, CASE WHEN n = 2 THEN -40 ELSE -20 END, at
       FROM moved`,
    [CLEARING, WALLET, id(103)],
  );
});
afterAll(() => pool.end());

test('every part of a clearing account is told, with how far its entries go', async () => {
  const { accounts } = await reads.listClearingAccounts();
  const bank = 'first-bank';
  expect(accounts).toEqual([
    { walletId: OTHER, bank, currency: 'EUR', balance: '0', sequence: 0 },
    { walletId: CLEARING, bank, currency: 'USD', balance: '-20', sequence: 3 },
  ]);
});

test('entries come in order after the last one known; reversals tell what of', async () => {
  const { entries } = await reads.readClearingEntries({ walletId: CLEARING, after: 1, limit: 10 });
  expect(entries).toEqual([
    {
      walletId: CLEARING,
      sequence: 2,
      transactionId: id(102),
      type: 'deposit',
      amount: '-20',
      createdAt: '2026-01-02T00:00:00.000000Z',
    },
    {
      walletId: CLEARING,
      sequence: 3,
      transactionId: id(103),
      relatedTransactionId: id(101),
      type: 'reversal',
      amount: '20',
      createdAt: '2026-01-02T00:00:00.000000Z',
    },
  ]);
  const pages = await Promise.all(
    [0, 1, 2, 3].map((after) => reads.readClearingEntries({ walletId: CLEARING, after, limit: 1 })),
  );
  expect(pages.flatMap((page) => page.entries.map((one) => one.sequence))).toEqual([1, 2, 3]);
});

test('a wallet of a person is not read as a bank’s', async () => {
  const asked = { walletId: WALLET, after: 0, limit: 10 };
  expect(await reads.readClearingEntries(asked)).toEqual({ entries: [] });
});
