import { PARTITIONS_DEFAULT, partitionOf } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import type pg from 'pg';

const FUNDING = 1_000_000_000n;

/**
 * Opens wallets of one person, each funded with 10,000,000.00 USD from the clearing account of its
 * own lane, as the lanes do it: what belongs to a partition can move with it. Straight into the
 * tables, with events from before the first. Returns their ids.
 */
export async function seedLanes(
  pool: pg.Pool,
  partitions: readonly number[],
  count: number,
): Promise<string[]> {
  await pool.query('SELECT open_entry_months(-1, 2)');
  const lanes = new Map<number, string[]>(partitions.map((partition) => [partition, []]));
  for (let opened = 0; opened < count;) {
    const id = uuidv7();
    const lane = lanes.get(partitionOf(id, PARTITIONS_DEFAULT));
    if (lane === undefined) continue;
    lane.push(id);
    opened += 1;
  }
  const owner = uuidv7();
  for (const [partition, ids] of lanes) await seedLane(pool, owner, partition, ids);
  return [...lanes.values()].flat();
}

async function seedLane(
  pool: pg.Pool,
  owner: string,
  partition: number,
  ids: readonly string[],
): Promise<void> {
  const clearing = uuidv7();
  const total = FUNDING * BigInt(ids.length);
  await pool.query(
    `INSERT INTO wallets (id, partition, kind, name, currency, status, posted, overdraft_limit,
                          sequence, created_at, changed_at)
     VALUES ($1, $2, 'bank-clearing', 'seed', 'USD', 'active', $3, $4, $5, now(), now())`,
    [clearing, partition, -total, total * 2n + 1n, ids.length],
  );
  await pool.query(
    `WITH seeds AS (
       SELECT id, n, gen_random_uuid() AS transaction_id
         FROM unnest($1::uuid[]) WITH ORDINALITY AS u (id, n)
     ), opened AS (
       INSERT INTO wallets (id, partition, kind, owner_id, name, currency, status, posted,
                            sequence, version, created_at, changed_at)
       SELECT id, $2, 'user', $3, 'seed', 'USD', 'active', $4, 1, 1, now(), now() FROM seeds
     ), funded AS (
       INSERT INTO transactions (id, partition, event_sequence, type, status, wallet_id, amount,
         currency, client_id, body_hash, origin, wallet_sequence, wallet_posted, wallet_held,
         bank_account, created_at, completed_at)
       SELECT transaction_id, $2, -n, 'deposit', 'completed', id, $4, 'USD', 'seed', 'seed',
              '', 1, $4, 0, 'ok', now(), now() FROM seeds
     )
     INSERT INTO entries (wallet_id, sequence, transaction_id, currency, delta, balance_after,
                          created_at)
     SELECT id, 1, transaction_id, 'USD', $4, $4, now() FROM seeds
     UNION ALL
     SELECT $5, n, transaction_id, 'USD', -$4::bigint, -$4::bigint * n, now() FROM seeds`,
    [ids, partition, owner, FUNDING, clearing],
  );
}
