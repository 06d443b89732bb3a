import type pg from 'pg';
import type { Break } from '../domain/break.ts';

/** An entry whose predecessor is missing for longer is a break: partitions are seconds apart. */
const WAIT_SECONDS_MAX = 60;
const BREAKS_MAX = 500;

export async function insertBreaks(
  client: pg.PoolClient | pg.Pool,
  breaks: readonly Break[],
): Promise<void> {
  if (breaks.length === 0) return;
  await client.query({
    name: 'insert-breaks',
    text: `INSERT INTO breaks (key, invariant, detail)
           SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING`,
    values: [
      breaks.map(({ key }) => key),
      breaks.map(({ invariant }) => invariant),
      breaks.map(({ detail }) => detail),
    ],
  });
}

export interface FoundBreak {
  invariant: string;
  detail: string;
}

/** All that is wrong: what was found for ever, and what is missing now. */
export async function listBreaks(pool: pg.Pool): Promise<FoundBreak[]> {
  const { rows } = await pool.query<FoundBreak>(
    `(SELECT invariant, detail FROM breaks ORDER BY found_at, key LIMIT $2)
     UNION ALL
     (SELECT 'I5 entries of a wallet are gap-free and ordered',
             'wallet ' || w.wallet_id || ' misses its entries ' || coalesce(b.sequence, 0) + 1
             || ' to ' || min(w.sequence) - 1
        FROM waiting_entries w LEFT JOIN wallet_books b ON b.wallet_id = w.wallet_id
       GROUP BY w.wallet_id, b.sequence
      HAVING min(w.seen_at) < now() - $1 * interval '1 second'
       ORDER BY w.wallet_id LIMIT $2)
     UNION ALL
     (SELECT 'I1 the books of a currency sum to zero', currency || ' is off by ' || total
        FROM currency_totals WHERE total <> 0 ORDER BY currency)`,
    [WAIT_SECONDS_MAX, BREAKS_MAX],
  );
  return rows;
}

/** What all entries of each currency come to. */
export async function readTotals(pool: pg.Pool): Promise<{ currency: string; total: bigint }[]> {
  const { rows } = await pool.query<{ currency: string; total: bigint }>(
    'SELECT currency, total FROM currency_totals ORDER BY currency',
  );
  return rows;
}
