import { uuidv7 } from '@florin/kernel';
import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';

/**
 * The limit that the pipeline is compared with: the same tables, indexes and triggers, filled by
 * one connection that does nothing but post. Balances are kept in memory; nothing is read, locked,
 * checked, decoded or published. Nothing that goes through these tables can be faster by much.
 */
export async function postingLimit(
  pool: pg.Pool,
  wallets: readonly string[],
  options: { seconds: number; batch: number },
): Promise<{ perSecond: number; transactions: number }> {
  const { rows } = await pool.query<{ id: string; posted: bigint; sequence: bigint }>(
    'SELECT id, posted, sequence FROM wallets WHERE id = ANY ($1)',
    [wallets],
  );
  const state = rows.map((row) => ({ ...row }));
  let event = 0;
  let transactions = 0;
  const startedMs = performance.now();
  while (performance.now() - startedMs < options.seconds * 1000) {
    const now = new Date().toISOString();
    const ids: string[] = [];
    const payers: string[] = [];
    const payees: string[] = [];
    const events: number[] = [];
    const posted: bigint[] = [];
    const entries: {
      wallet: string;
      sequence: bigint;
      id: string;
      delta: number;
      after: bigint;
    }[] = [];
    const changed = new Set<(typeof state)[number]>();
    const numbers: { payer: bigint; payee: bigint }[] = [];
    for (let i = 0; i < options.batch; i++) {
      const at = Math.floor(Math.random() * state.length);
      const payer = state[at] as (typeof state)[number];
      const payee = state[(at + 1) % state.length] as (typeof state)[number];
      const id = uuidv7();
      for (const [wallet, delta] of [
        [payer, -1n],
        [payee, 1n],
      ] as const) {
        wallet.posted += delta;
        wallet.sequence += 1n;
        changed.add(wallet);
        entries.push({
          wallet: wallet.id,
          sequence: wallet.sequence,
          id,
          delta: Number(delta),
          after: wallet.posted,
        });
      }
      ids.push(id);
      payers.push(payer.id);
      payees.push(payee.id);
      events.push(++event);
      posted.push(payer.posted);
      numbers.push({ payer: payer.sequence, payee: payee.sequence });
    }
    const list = (values: readonly (string | number | bigint)[]) => `{${values.join(',')}}`;
    await withHotTransaction(pool, async (client) => {
      await client.query(
        {
          name: 'limit',
          text: `
          WITH t AS (
            INSERT INTO transactions (id, partition, event_sequence, type, status, wallet_id,
              counterparty_wallet_id, amount, currency, client_id, body_hash, origin,
              wallet_sequence, counterparty_sequence, wallet_posted, wallet_held, created_at,
              completed_at)
            SELECT id, 1000002, event, 'transfer', 'completed', payer, payee, 1, 'USD',
                   '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f', 'xxxxxxxxxxxxxxxxxxxxxx',
                   'gateway-12345678', s1, s2, posted, 0, $7::timestamptz, $7::timestamptz
              FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[],
                          $6::bigint[], $16::bigint[])
                AS u (id, payer, payee, event, posted, s1, s2)
          ), e AS (
            INSERT INTO entries (wallet_id, sequence, transaction_id, currency, delta,
                                 balance_after, created_at)
            SELECT wallet, sequence, id, 'USD', delta, after, $7::timestamptz
              FROM unnest($8::uuid[], $9::bigint[], $10::uuid[], $11::bigint[], $12::bigint[])
                AS u (wallet, sequence, id, delta, after)
          )
          UPDATE wallets w
             SET posted = u.posted, sequence = u.sequence, version = w.version + 1,
                 changed_at = $7::timestamptz
            FROM unnest($13::uuid[], $14::bigint[], $15::bigint[]) AS u (id, posted, sequence)
           WHERE w.id = u.id`,
        },
        [
          list(ids),
          list(payers),
          list(payees),
          list(events),
          list(posted),
          list(numbers.map((pair) => pair.payer)),
          now,
          list(entries.map((entry) => entry.wallet)),
          list(entries.map((entry) => entry.sequence)),
          list(entries.map((entry) => entry.id)),
          list(entries.map((entry) => entry.delta)),
          list(entries.map((entry) => entry.after)),
          list([...changed].map((wallet) => wallet.id)),
          list([...changed].map((wallet) => wallet.posted)),
          list([...changed].map((wallet) => wallet.sequence)),
          list(numbers.map((pair) => pair.payee)),
        ],
      );
    });
    transactions += options.batch;
  }
  const perSecond = transactions / ((performance.now() - startedMs) / 1000);
  return { perSecond: Math.round(perSecond), transactions };
}
