import type { AdjustmentDirection } from '@florin/contracts';
import type { Currency } from '@florin/kernel';
import type { AdjustmentState } from '../domain/book.ts';

const columns = `
    id, partition, wallet_id, direction, amount, currency, reason, body_hash, proposed_by, status,
    decided_by, note,
    (extract(epoch FROM proposed_at) * 1000000)::int8 AS proposed_us,
    (extract(epoch FROM expires_at) * 1000000)::int8 AS expires_us,
    (extract(epoch FROM decided_at) * 1000000)::int8 AS decided_us`;

/** No lock: only the lane of its wallet changes one, and whoever runs this to do so holds it. */
export const findAdjustments = {
  name: 'find-adjustments',
  text: `SELECT ${columns} FROM adjustments WHERE id = ANY ($1::uuid[])`,
};

/**
 * Newest first, older than the cursor ($4 time, $5 id). $1 is their status at the time $2, when
 * some that are open may have expired; $3 their wallet.
 */
export const listAdjustments = {
  name: 'list-adjustments',
  text: `
    SELECT ${columns} FROM adjustments
     WHERE ($1::text IS NULL OR $1 = CASE WHEN status = 'open' AND expires_at <= $2::timestamptz
                                          THEN 'expired' ELSE status END)
       AND ($3::uuid IS NULL OR wallet_id = $3)
       AND ($4::timestamptz IS NULL OR (proposed_at, id) < ($4, $5::uuid))
     ORDER BY proposed_at DESC, id DESC LIMIT $6`,
};

/** Proposals and verdicts. One that was decided is never written again. */
export const writeAdjustments = {
  name: 'write-adjustments',
  text: `
    INSERT INTO adjustments (
      id, partition, wallet_id, direction, amount, currency, reason, body_hash, proposed_by,
      proposed_at, expires_at, status, decided_by, decided_at, note)
    SELECT * FROM unnest(
      $1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::text[],
      $8::text[], $9::uuid[], $10::timestamptz[], $11::timestamptz[], $12::text[], $13::uuid[],
      $14::timestamptz[], $15::text[])
    ON CONFLICT (id) DO UPDATE
       SET status = excluded.status, decided_by = excluded.decided_by,
           decided_at = excluded.decided_at, note = excluded.note`,
};

export interface AdjustmentRow {
  id: string;
  partition: number;
  wallet_id: string;
  direction: AdjustmentDirection;
  amount: bigint;
  currency: Currency;
  reason: string;
  body_hash: string;
  proposed_by: string;
  status: AdjustmentState['status'];
  decided_by: string | null;
  note: string | null;
  proposed_us: bigint;
  expires_us: bigint;
  decided_us: bigint | null;
}

export const adjustmentFromRow = (row: AdjustmentRow): AdjustmentState => ({
  id: row.id,
  partition: row.partition,
  walletId: row.wallet_id,
  direction: row.direction,
  amount: row.amount,
  currency: row.currency,
  reason: row.reason,
  bodyHash: row.body_hash,
  proposedBy: row.proposed_by,
  proposedAtUs: Number(row.proposed_us),
  expiresAtUs: Number(row.expires_us),
  status: row.status,
  decidedBy: row.decided_by,
  decidedAtUs: row.decided_us === null ? null : Number(row.decided_us),
  note: row.note,
});
