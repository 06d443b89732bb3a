import type pg from 'pg';
import { openArchive } from '../archive/open-archive.ts';
import { createArchivedEntries } from '../reads/archived-entries.ts';

/** Books of three months for tests: payments of two people, one of them around midnight. */

export const ALICE = '01890000-0000-7000-8000-0000000000a1';
export const BOB = '01890000-0000-7000-8000-0000000000b0';
export const BANK = '01890000-0000-7000-8000-0000000000cc';

const idOf = (n: number): string => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export interface OldPayment {
  id: string;
  from: string;
  to: string;
  amount: number;
  at: string;
  /** Where the other side's entry has a later time. */
  toAt?: string;
}

const MARCH = '2021-03-01T00:00:00.000000Z';

export const PAYMENTS: readonly OldPayment[] = [
  { id: idOf(1), from: BANK, to: ALICE, amount: 1000, at: '2021-01-10T12:00:00.000000Z' },
  { id: idOf(2), from: ALICE, to: BOB, amount: 100, at: '2021-01-31T23:59:59.999999Z' },
  { id: idOf(3), from: ALICE, to: BOB, amount: 10, at: '2021-02-01T00:00:00.000000Z' },
  {
    id: idOf(4),
    from: BOB,
    to: ALICE,
    amount: 7,
    at: '2021-02-28T23:59:59.999999Z',
    toAt: MARCH,
  },
  { id: idOf(5), from: ALICE, to: BOB, amount: 1, at: '2021-03-15T08:00:00.000000Z' },
];

/** Entries in January. */
export const JANUARY = 4;

/** Writes them straight into the tables, right by every invariant. */
export async function addOldBooks(pool: pg.Pool): Promise<void> {
  await pool.query(
    `SELECT open_entry_month(month)
       FROM unnest('{2021-01-01,2021-02-01,2021-03-01}'::date[]) AS months (month)`,
  );
  const wallets = new Map([ALICE, BOB, BANK].map((id) => [id, { posted: 0, sequence: 0 }]));
  const enter = (walletId: string, delta: number) => {
    const wallet = wallets.get(walletId) ?? { posted: 0, sequence: 0 };
    wallet.posted += delta;
    wallet.sequence += 1;
    return { ...wallet };
  };
  for (const [place, { id, from, to, amount, at, toAt = at }] of PAYMENTS.entries()) {
    const [debit, credit] = [enter(from, -amount), enter(to, amount)];
    const type = from === BANK ? 'deposit' : 'transfer';
    const [own, other] = from === BANK ? [credit, debit] : [debit, credit];
    const [wallet, counterparty] = from === BANK ? [to, null] : [from, to];
    await pool.query(
      `INSERT INTO transactions (id, partition, event_sequence, type, status, wallet_id,
         counterparty_wallet_id, amount, currency, client_id, body_hash, origin, wallet_sequence,
         counterparty_sequence, wallet_posted, wallet_held, description, created_at, completed_at)
       VALUES ($1, 0, $2::int, $3, 'completed', $4, $5, $6, 'USD', 'c', 'h', '', $7, $8, $9, 0,
               'payment ' || $2::int, $10, $10)`,
      [
        id,
        place + 1,
        type,
        wallet,
        counterparty,
        amount,
        own.sequence,
        counterparty === null ? null : other.sequence,
        own.posted,
        at,
      ],
    );
    await pool.query(
      `INSERT INTO entries (wallet_id, sequence, transaction_id, currency, delta, balance_after,
                            created_at)
       VALUES ($1, $2, $7, 'USD', -$8::bigint, $3, $9), ($4, $5, $7, 'USD', $8, $6, $10)`,
      [
        from,
        debit.sequence,
        debit.posted,
        to,
        credit.sequence,
        credit.posted,
        id,
        amount,
        at,
        toAt,
      ],
    );
  }
  for (const [id, { posted, sequence }] of wallets) {
    await pool.query(
      `INSERT INTO wallets (id, partition, kind, owner_id, name, currency, status, posted, sequence,
                            overdraft_limit, created_at, changed_at)
       VALUES ($1, 0, $2, $3, 'Everyday', 'USD', 'active', $4, $5, $6, '2021-01-01', '2021-03-15')`,
      [
        id,
        id === BANK ? 'bank-clearing' : 'user',
        id === BANK ? null : id,
        posted,
        sequence,
        id === BANK ? 1_000_000 : 0,
      ],
    );
  }
  await pool.query(
    'INSERT INTO partitions (partition, event_sequence, published_sequence) VALUES (0, $1, $1)',
    [PAYMENTS.length],
  );
}

/** For reads in books of which nothing is archived. */
export const unarchived = (pool: pg.Pool) => createArchivedEntries(pool, openArchive(undefined));
