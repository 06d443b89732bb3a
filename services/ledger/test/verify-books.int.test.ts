import { createHotPool } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import { uuidv7 } from '@florin/kernel';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVerifyBooks } from '../reads/verify-books.ts';

let pool: pg.Pool;

beforeAll(async () => {
  const url = await freshDatabase('ledger_verify', new URL('../migrations', import.meta.url));
  pool = createHotPool({ url, applicationName: 'verify-books', max: 2 });
});

afterAll(() => pool.end());

async function addWallet(held: bigint): Promise<string> {
  const id = uuidv7();
  await pool.query(
    `INSERT INTO wallets (id, partition, kind, owner_id, name, currency, status, held,
                          overdraft_limit, created_at, changed_at)
     VALUES ($1, 0, 'user', $1, 'w', 'USD', 'active', $2, 1000, now(), now())`,
    [id, held],
  );
  return id;
}

interface Row {
  type?: string;
  status?: string;
  review?: string;
  hold?: bigint;
  code?: string;
}

let events = 0;

/** A transaction of 10 as the books would have it, in whatever state. */
async function addTransaction({ type = 'transfer', status = 'held', review, hold, code }: Row) {
  const wallet = await addWallet(hold ?? 0n);
  const id = uuidv7();
  await pool.query(
    `INSERT INTO transactions (id, partition, event_sequence, type, status, wallet_id, amount,
       currency, client_id, body_hash, origin, failure_code, wallet_posted, wallet_held,
       created_at, completed_at)
     VALUES ($1, 0, $2, $3, $4, $5, 10, 'USD', 'c', 'h', '', $6, 0, 0, now(),
             CASE WHEN $4 IN ('failed', 'completed', 'reversed') THEN now() END)`,
    [id, ++events, type, status, wallet, code ?? null],
  );
  if (hold !== undefined) {
    await pool.query(
      `INSERT INTO holds (transaction_id, wallet_id, amount, placed_at)
       VALUES ($1, $2, $3, now())`,
      [id, wallet, hold],
    );
  }
  if (review !== undefined) {
    await pool.query(
      `INSERT INTO reviews (transaction_id, wallet_id, partition, status, opened_at, expires_at,
                            decided_at)
       VALUES ($1, $2, 0, $3, now(), now(), CASE WHEN $3 <> 'open' THEN now() END)`,
      [id, wallet, review],
    );
  }
  return id;
}

const breaks = () => createVerifyBooks(pool, () => '2026-01-01T00:00:00Z')();

test('books with open, declined and paid out reviews are sound', async () => {
  await addTransaction({ hold: 10n, review: 'open' });
  await addTransaction({ type: 'withdrawal', hold: 10n, review: 'approved' });
  await addTransaction({ type: 'withdrawal', hold: 10n });
  await addTransaction({ type: 'hold', hold: 10n });
  await addTransaction({ type: 'hold', hold: 10n, review: 'open' });
  await addTransaction({ type: 'deposit', review: 'open' });
  await addTransaction({ type: 'deposit', status: 'pending', review: 'approved' });
  await addTransaction({ status: 'failed', code: 'risk-blocked', review: 'declined' });
  await addTransaction({ status: 'failed', code: 'risk-blocked', review: 'expired' });
  await addTransaction({
    type: 'deposit',
    status: 'failed',
    code: 'bank-declined',
    review: 'approved',
  });
  expect((await breaks()).breaks).toEqual([]);
});

/** Hunts a check that finds nothing: each of these has to be found, by its transaction. */
test.each<[string, Row]>([
  ['a transfer that waits for nobody', { hold: 10n }],
  ['a deposit that waits for nobody', { type: 'deposit' }],
  ['a transfer under review without its money', { review: 'open' }],
  ['a hold of its own of less than its amount', { type: 'hold', hold: 9n }],
  ['a hold that ended and still holds', { type: 'hold', status: 'completed', hold: 10n }],
  ['a released hold that still holds', { type: 'hold', status: 'reversed', hold: 10n }],
  ['a payment without entries', { status: 'completed' }],
  ['a capture without entries', { type: 'capture', status: 'completed' }],
  ['a hold of less than the amount', { hold: 9n, review: 'open' }],
  ['a deposit that holds money', { type: 'deposit', hold: 10n, review: 'open' }],
  ['a hold that outlived its transaction', { status: 'failed', code: 'not-found', hold: 10n }],
  ['an open review of what failed', { status: 'failed', code: 'not-found', review: 'open' }],
  ['a declined review of what waits', { hold: 10n, review: 'declined' }],
  [
    'a declined review of what a bank declined',
    {
      status: 'failed',
      code: 'bank-declined',
      review: 'declined',
    },
  ],
  ['an approved transfer that waits', { hold: 10n, review: 'approved' }],
])('found: %s', async (_, row) => {
  const id = await addTransaction(row);
  const found = (await breaks()).breaks.filter(({ detail }) => detail.includes(id));
  expect(found.length).toBeGreaterThan(0);
});

/** Follows from a transaction, 10 of it each, and waits for another shard. */
async function addUnderWay(type: 'capture' | 'reversal', of: string): Promise<string> {
  const id = await addTransaction({ type, ...(type === 'reversal' && { hold: 10n }) });
  await depart(id);
  await pool.query(`INSERT INTO follow_ups VALUES ($1, $2, 0)`, [id, of]);
  return id;
}

test('found: captures under way beyond their hold, and of nothing', async () => {
  const hold = await addTransaction({ type: 'hold', hold: 10n });
  const nothing = uuidv7();
  await addUnderWay('capture', hold);
  expect((await breaks()).breaks.filter(({ detail }) => detail.includes(hold))).toEqual([]);
  await addUnderWay('capture', hold);
  await addUnderWay('capture', nothing);
  const found = (await breaks()).breaks.map(({ detail }) => detail);
  expect(found).toContain(`hold ${hold} has 10 left, its captures under way take 20`);
  expect(found).toContain(`hold ${nothing} has 0 left, its captures under way take 10`);
});

/** Hunts a break that is none: after a move both halves of a capture may lie in one database. */
test('a capture and what arrived of it count once', async () => {
  const hold = await addTransaction({ type: 'hold', status: 'completed' });
  await pool.query(
    `INSERT INTO holds (transaction_id, wallet_id, amount, captured, placed_at, settled_at)
     SELECT id, wallet_id, 10, 10, now(), now() FROM transactions WHERE id = $1`,
    [hold],
  );
  const capture = await addTransaction({ type: 'capture', status: 'completed' });
  const arrival = await addTransaction({ type: 'capture', status: 'completed' });
  for (const half of [capture, arrival]) {
    await pool.query(`INSERT INTO follow_ups VALUES ($1, $2, 0)`, [half, hold]);
  }
  const found = async () => (await breaks()).breaks.map(({ detail }) => detail);
  const broken = `hold ${hold} is completed, captured 10, its captures say 20`;
  expect(await found()).toContain(broken);
  await pool.query('ALTER TABLE transactions DISABLE TRIGGER transactions_final');
  await pool.query('UPDATE transactions SET event_sequence = NULL WHERE id = $1', [arrival]);
  await pool.query('ALTER TABLE transactions ENABLE TRIGGER transactions_final');
  expect(await found()).not.toContain(broken);
});

test('found: reversals under way beyond their payment', async () => {
  const id = await addTransaction({ status: 'completed' });
  const found = async () => (await breaks()).breaks.map(({ detail }) => detail);
  const broken = `transaction ${id} of 10 has given back 0, and under way is 20`;
  await addUnderWay('reversal', id);
  expect(await found()).not.toContain(broken);
  await addUnderWay('reversal', id);
  expect(await found()).toContain(broken);
});

test('found: more was given back of a payment than its reversals moved', async () => {
  const id = await addTransaction({ status: 'completed' });
  await pool.query('UPDATE transactions SET reversed = 4 WHERE id = $1', [id]);
  const found = (await breaks()).breaks.filter(({ detail }) => detail.includes(id));
  expect(found.map(({ detail }) => detail)).toContain(
    `transaction ${id} says 4, its reversals say 0`,
  );
});

const depart = (id: string) =>
  pool.query(
    `INSERT INTO departures (transaction_id, partition, pair, amount, currency, departed_at)
     VALUES ($1, 0, '0-1', 10, 'USD', now())`,
    [id],
  );

test('a payment that waits for another shard is sound, and found once it has failed', async () => {
  const id = await addTransaction({ hold: 10n });
  const broken = async () =>
    (await breaks()).breaks.filter(({ detail }) => detail.includes(id)).map((one) => one.detail);
  expect(await broken()).toHaveLength(1);
  await depart(id);
  expect(await broken()).toEqual([]);
  await pool.query(
    `UPDATE departures SET settled_at = now(), credited = false WHERE transaction_id = $1`,
    [id],
  );
  expect(await broken()).toContain(`transaction ${id} is held, its departure was refused`);
});

test('found: a departure of nothing, money between shards without one, an arrival', async () => {
  const [gone, arrived] = [uuidv7(), uuidv7()];
  await depart(gone);
  await pool.query(
    `UPDATE departures SET settled_at = now(), credited = true WHERE transaction_id = $1`,
    [gone],
  );
  await pool.query(`INSERT INTO arrivals VALUES ($1, '0-2', 10, 'USD', $1, 1)`, [arrived]);
  const found = (await breaks()).breaks.map(({ detail }) => detail);
  expect(found).toEqual(
    expect.arrayContaining([
      `transaction ${gone} is missing, its departure was credited`,
      'transit 0-1 has 0 USD, departures and arrivals say 10',
      'transit 0-2 has 0 USD, departures and arrivals say -10',
      `arrival ${arrived} is missing`,
    ]),
  );
  await expect(
    pool.query('UPDATE departures SET credited = false WHERE transaction_id = $1', [gone]),
  ).rejects.toThrow('settled');
});

test('a verdict is written once and a review never deleted', async () => {
  const id = await addTransaction({ type: 'deposit', status: 'pending', review: 'approved' });
  await expect(
    pool.query("UPDATE reviews SET status = 'declined' WHERE transaction_id = $1", [id]),
  ).rejects.toThrow('was decided');
  await expect(pool.query('DELETE FROM reviews')).rejects.toThrow('not allowed');
});
