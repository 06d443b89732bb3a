import { createHotPool } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPeriodReads } from '../reads/periods.ts';
import { createWalletReads } from '../reads/wallets.ts';
import { unarchived } from './old-books.ts';

/**
 * Hunts the entry that falls between two statements, or into both: at the first moment of a period,
 * at its last, a microsecond beside them, and in a wallet without any.
 */

const WALLET = '01890000-0000-7000-8000-0000000000aa';
const EMPTY = '01890000-0000-7000-8000-0000000000bb';
const MIDNIGHT = '2026-02-01T00:00:00.000000Z';
/** Of ten cents each: one in January, three around midnight, one in March. */
const TIMES = [
  '2026-01-15T12:00:00.000000Z',
  '2026-01-31T23:59:59.999999Z',
  MIDNIGHT,
  '2026-02-01T00:00:00.000001Z',
  '2026-03-01T00:00:00.000000Z',
];

let pool: pg.Pool;
let reads: ReturnType<typeof createPeriodReads>;

beforeAll(async () => {
  const url = await freshDatabase('ledger_lanes', new URL('../migrations', import.meta.url));
  pool = createHotPool({ url, applicationName: 'periods', max: 2 });
  reads = createPeriodReads(pool, unarchived(pool));
  await pool.query(
    `INSERT INTO wallets (id, partition, kind, owner_id, name, currency, status, posted, sequence,
                          created_at, changed_at)
     SELECT id, 0, 'user', id, 'Everyday', 'USD', 'active', n * 10, n, '2026-01-01', '2026-01-01'
       FROM unnest($1::uuid[], $2::int[]) AS u (id, n)`,
    [
      [WALLET, EMPTY],
      [TIMES.length, 0],
    ],
  );
  await pool.query(
    `WITH moved AS (
       SELECT at, n, gen_random_uuid() AS id
         FROM unnest($1::timestamptz[]) WITH ORDINALITY AS u (at, n)
     ), told AS (
       INSERT INTO transactions (id, partition, event_sequence, type, status, wallet_id, amount,
         currency, client_id, body_hash, origin, wallet_sequence, wallet_posted, wallet_held,
         description, created_at, completed_at)
       SELECT id, 0, n, 'deposit', 'completed', $2, 10, 'USD', 'c', 'h', '', n, n * 10, 0,
              CASE WHEN n = 1 THEN 'pay day' END, at, at FROM moved
     )
     INSERT INTO entries (wallet_id, sequence, transaction_id, currency, delta, balance_after,
                          created_at)
     SELECT $2, n, id, 'USD', 10, n * 10, at FROM moved
     UNION ALL SELECT $3, n, id, 'USD', -10, n * -10, at FROM moved`,
    [TIMES, WALLET, '01890000-0000-7000-8000-0000000000cc'],
  );
});
afterAll(() => pool.end());

type Bounds = [first: number, last: number, opening: string, closing: string];

describe('a period of a wallet', () => {
  const CASES: [from: string | undefined, to: string | undefined, bounds: Bounds][] = [
    [undefined, undefined, [1, 5, '0', '50']],
    [undefined, MIDNIGHT, [1, 2, '0', '20']],
    [MIDNIGHT, undefined, [3, 5, '20', '50']],
    [MIDNIGHT, '2026-03-01T00:00:00Z', [3, 4, '20', '40']],
    ['2026-02-01T00:00:00.000001Z', undefined, [4, 5, '30', '50']],
    ['2026-01-31T23:59:59.999999Z', MIDNIGHT, [2, 2, '10', '20']],
    [MIDNIGHT, MIDNIGHT, [3, 2, '20', '20']],
    ['2026-02-02T00:00:00Z', '2026-02-28T00:00:00Z', [5, 4, '40', '40']],
    ['2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z', [1, 0, '0', '0']],
    ['2030-01-01T00:00:00Z', undefined, [6, 5, '50', '50']],
  ];
  it.each(CASES)('from %s to %s', async (from, to, [first, last, opening, closing]) => {
    const { period } = await reads.getPeriod({ walletId: WALLET, from, to });
    expect(period).toEqual({
      name: 'Everyday',
      currency: 'USD',
      first,
      last,
      openingBalance: opening,
      closingBalance: closing,
    });
  });

  it('of a wallet without entries has none, and of no wallet is none', async () => {
    const none = { first: 1, last: 0, openingBalance: '0', closingBalance: '0' };
    expect((await reads.getPeriod({ walletId: EMPTY })).period).toMatchObject(none);
    const unknown = '01890000-0000-7000-8000-0000000000dd';
    expect((await reads.getPeriod({ walletId: unknown })).period).toBeNull();
  });

  it('is read piece by piece, with what people know its transactions by', async () => {
    const piece = await reads.readEntries({ walletId: WALLET, first: 1, last: 4, limit: 3 });
    expect(piece.entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(piece.entries[0]).toMatchObject({ type: 'deposit', description: 'pay day' });
    const rest = await reads.readEntries({ walletId: WALLET, first: 4, last: 4, limit: 3 });
    expect(rest.entries).toMatchObject([{ sequence: 4, createdAt: TIMES[3] }]);
  });
});

describe('a balance of the past', () => {
  it.each([
    ['2026-01-15T11:59:59.999999Z', '0'],
    ['2026-01-15T12:00:00.000000Z', '10'],
    ['2026-01-31T23:59:59.999998Z', '10'],
    ['2026-01-31T23:59:59.999999Z', '20'],
    [MIDNIGHT, '30'],
    ['2026-02-01T00:00:00.000001Z', '40'],
    ['2030-01-01T00:00:00Z', '50'],
  ])('at %s is %s: with what happened in that very moment', async (at, posted) => {
    const { wallet } = await createWalletReads(pool, unarchived(pool)).getWalletAt({
      id: WALLET,
      at,
    });
    expect(wallet?.balances.posted).toBe(posted);
  });

  it('is none before the wallet was opened', async () => {
    const at = '2025-12-31T23:59:59.999999Z';
    expect(
      (await createWalletReads(pool, unarchived(pool)).getWalletAt({ id: WALLET, at })).wallet,
    ).toBeNull();
  });
});
