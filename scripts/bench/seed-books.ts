import { PARTITIONS_DEFAULT, partitionOf } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import type pg from 'pg';

/**
 * Fills empty books for a benchmark, straight into the tables: correct to every invariant, which
 * the benchmark checks at its end. A million wallets through the lanes would take a minute.
 */

const CHUNK = 50_000;
const FUNDING = 1_000_000_000n;

/** How far back the history of grown books reaches. */
const HISTORY_DAYS = 300;

/**
 * Opens wallets, each funded with 10,000,000.00 USD from a clearing account before any history.
 * Returns their ids.
 * @param isWanted which ids may be taken
 */
export async function seedWallets(
  pool: pg.Pool,
  count: number,
  isWanted: (id: string) => boolean = () => true,
): Promise<string[]> {
  await pool.query('SELECT open_entry_months(-12, 2)');
  const clearing = uuidv7();
  const owner = uuidv7();
  const total = FUNDING * BigInt(count);
  await pool.query(
    `INSERT INTO wallets (id, partition, kind, name, currency, status, posted, overdraft_limit,
                          sequence, created_at, changed_at)
     VALUES ($1, 0, 'bank-clearing', 'seed', 'USD', 'active', $2, $3, $4, now(), now())`,
    [clearing, -total, total * 2n, count],
  );
  const ids: string[] = [];
  while (ids.length < count) {
    const id = uuidv7();
    if (isWanted(id)) ids.push(id);
  }
  for (let start = 0; start < count; start += CHUNK) {
    const part = ids.slice(start, start + CHUNK);
    await pool.query(
      `WITH seeds AS (
         SELECT id, partition, n + $6 AS n, gen_random_uuid() AS transaction_id
           FROM unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS u (id, partition, n)
       ), opened AS (
         INSERT INTO wallets (id, partition, kind, owner_id, name, currency, status, posted,
                              sequence, version, created_at, changed_at)
         SELECT id, partition, 'user', $3, 'seed', 'USD', 'active', $4, 1, 1, now(), now()
           FROM seeds
       ), funded AS (
         INSERT INTO transactions (id, partition, event_sequence, type, status, wallet_id, amount,
           currency, client_id, body_hash, origin, wallet_sequence, wallet_posted, wallet_held,
           bank_account, created_at, completed_at)
         SELECT transaction_id, 1000000, n, 'deposit', 'completed', id, $4, 'USD', 'seed', 'seed',
                '', 1, $4, 0, 'ok', now() - $7::interval, now() - $7::interval FROM seeds
       )
       INSERT INTO entries (wallet_id, sequence, transaction_id, currency, delta, balance_after,
                            created_at)
       SELECT id, 1, transaction_id, 'USD', $4, $4, now() - $7::interval FROM seeds
       UNION ALL
       SELECT $5, n, transaction_id, 'USD', -$4::bigint, -$4::bigint * n, now() - $7::interval
         FROM seeds`,
      [
        part,
        part.map((id) => partitionOf(id, PARTITIONS_DEFAULT)),
        owner,
        FUNDING,
        clearing,
        start,
        `${HISTORY_DAYS} days`,
      ],
    );
  }
  return ids;
}

/**
 * Grows the books: each round, every wallet pays 1 to the next one in a ring, so all balances stay
 * and each wallet gets a credit and a debit. The rounds are spread over the months behind.
 */
export async function seedHistory(
  pool: pg.Pool,
  wallets: readonly string[],
  entries: number,
): Promise<number> {
  const rounds = Math.ceil(entries / 2 / wallets.length);
  for (let round = 0; round < rounds; round++) {
    const ago = `${HISTORY_DAYS - (HISTORY_DAYS * (round + 1)) / (rounds + 1)} days`;
    for (let start = 0; start < wallets.length; start += CHUNK) {
      const payers = wallets.slice(start, start + CHUNK);
      const payees = payers.map((_, i) => wallets[(start + i + 1) % wallets.length]);
      await pool.query(
        `WITH paid AS (
           SELECT payer, payee, n + $3 AS n, uuidv7(-$6::interval) AS transaction_id
             FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS u (payer, payee, n)
         ), told AS (
           INSERT INTO transactions (id, partition, event_sequence, type, status, wallet_id,
             counterparty_wallet_id, amount, currency, client_id, body_hash, origin,
             wallet_sequence, counterparty_sequence, wallet_posted, wallet_held, created_at,
             completed_at)
           SELECT transaction_id, 1000001, n, 'transfer', 'completed', payer, payee, 1, 'USD',
                  'seed', 'seed', '', $4 + 1, $4 + 2, $5, 0, now() - $6::interval,
                  now() - $6::interval FROM paid
         )
         INSERT INTO entries (wallet_id, sequence, transaction_id, currency, delta, balance_after,
                              created_at)
         SELECT payer, $4 + 1, transaction_id, 'USD', -1, $5::bigint - 1,
                now() - $6::interval FROM paid
         UNION ALL
         SELECT payee, $4 + 2, transaction_id, 'USD', 1, $5::bigint, now() - $6::interval
           FROM paid`,
        [payers, payees, round * wallets.length + start, 1 + 2 * round, FUNDING, ago],
      );
    }
  }
  await pool.query(`UPDATE wallets SET sequence = 1 + 2 * $2::bigint WHERE id = ANY ($1::uuid[])`, [
    wallets,
    rounds,
  ]);
  return rounds * wallets.length * 2;
}
