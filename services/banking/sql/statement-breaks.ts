import type { BREAK_ACTIONS, BreakKind, BreakStatus, StatementBreak } from '@florin/contracts';
import type { Currency } from '@florin/kernel';

const columns = `
    id, bank, currency, kind, status, reference, transaction_id, end_to_end_id, bank_amount,
    book_amount, difference, booked_at, found_at AS "createdAt", round, action, note, proposed_by,
    proposed_at, adjustment_id, expires_at, decided_by, decided_at, decision_note, resolution,
    resolved_at`;

/** Breaks of an account that nobody works on: the next comparison may end them. */
export const findFreeBreaks = {
  name: 'find-free-breaks',
  text: `
    SELECT id FROM statement_breaks
     WHERE bank = $1 AND currency = $2 AND status IN ('open', 'rejected')`,
};

/** Writes down what was found. One that had gone away by itself is open again. */
export const openBreaks = {
  name: 'open-breaks',
  text: `
    WITH found AS (
      INSERT INTO statement_breaks AS b (
        id, bank, currency, kind, reference, wallet_id, sequence, transaction_id, end_to_end_id,
        bank_amount, book_amount, difference, booked_at)
      SELECT f.id, $1, $2, f.kind, f.reference, f.wallet_id, f.sequence, f.transaction_id,
             f.end_to_end_id, f.bank_amount, f.book_amount,
             coalesce(f.bank_amount, 0) - coalesce(f.book_amount, 0), f.booked_at
        FROM unnest($3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::bigint[], $8::uuid[],
                    $9::text[], $10::bigint[], $11::bigint[], $12::timestamptz[])
             AS f (id, kind, reference, wallet_id, sequence, transaction_id, end_to_end_id,
                   bank_amount, book_amount, booked_at)
      ON CONFLICT (id) DO UPDATE SET status = 'open', resolution = NULL, resolved_at = NULL
       WHERE b.resolution = 'matched'
      RETURNING id, xmax = 0 AS is_new)
    INSERT INTO break_steps (break_id, step)
    SELECT id, CASE WHEN is_new THEN 'found' ELSE 'reopened' END FROM found`,
};

/** What differed does no more ($1): its other side came, or the bank has taken it back. */
export const matchBreaks = {
  name: 'match-breaks',
  text: `
    WITH gone AS (
      UPDATE statement_breaks
         SET status = 'resolved', resolution = 'matched', resolved_at = clock_timestamp()
       WHERE id = ANY ($1::uuid[]) AND status IN ('open', 'rejected') RETURNING id)
    INSERT INTO break_steps (break_id, step) SELECT id, 'matched' FROM gone`,
};

export const findBreak = {
  name: 'find-break',
  text: `SELECT ${columns} FROM statement_breaks WHERE id = $1`,
};
export const lockBreak = {
  name: 'lock-break',
  text: `SELECT ${columns} FROM statement_breaks WHERE id = $1 FOR UPDATE`,
};

/** $1 id, $2 action, $3 note, $4 who, $5 adjustment, $6 seconds until it is over. */
export const proposeForBreak = {
  name: 'propose-for-break',
  text: `
    WITH proposed AS (
      UPDATE statement_breaks
         SET status = 'proposed', round = round + 1, action = $2, note = $3, proposed_by = $4,
             proposed_at = date_trunc('milliseconds', clock_timestamp()), adjustment_id = $5,
             expires_at = clock_timestamp() + $6 * interval '1 s',
             decided_by = NULL, decided_at = NULL, decision_note = NULL
       WHERE id = $1 RETURNING ${columns}
    ), step AS (
      INSERT INTO break_steps (break_id, step, by, action, note)
      SELECT id, 'proposed', proposed_by, action, note FROM proposed)
    SELECT * FROM proposed`,
};

/** $1 id, $2 status, $3 who, $4 note, $5 resolution, $6 when; now unless given. */
export const decideBreak = {
  name: 'decide-break',
  text: `
    WITH decided AS (
      UPDATE statement_breaks
         SET status = $2, decided_by = $3, decision_note = $4, resolution = $5,
             decided_at = coalesce($6, date_trunc('milliseconds', clock_timestamp())),
             resolved_at = CASE WHEN $5::text IS NULL THEN NULL ELSE clock_timestamp() END
       WHERE id = $1 RETURNING ${columns}
    ), step AS (
      INSERT INTO break_steps (break_id, step, by, action, note)
      SELECT id, CASE WHEN status = 'resolved' THEN 'approved' ELSE 'rejected' END, decided_by,
             action, decision_note FROM decided)
    SELECT * FROM decided`,
};

/** Corrections about which the ledger may have heard a verdict. */
export const findProposedCorrections = {
  name: 'find-proposed-corrections',
  text: `
    SELECT id, adjustment_id FROM statement_breaks
     WHERE status = 'proposed' AND action = 'correct' ORDER BY proposed_at LIMIT 100`,
};

/** Newest first, before the cursor ($4 time, $5 id). $1 statuses, $2 bank, $3 kind. */
export const listBreaks = {
  name: 'list-breaks',
  text: `
    SELECT ${columns} FROM statement_breaks
     WHERE ($1::text[] IS NULL OR status = ANY ($1)) AND ($2::text IS NULL OR bank = $2)
       AND ($3::text IS NULL OR kind = $3)
       AND ($4::timestamptz IS NULL OR (found_at, id) < ($4, $5::uuid))
     ORDER BY found_at DESC, id DESC LIMIT $6`,
};

export const stepsOfBreak = {
  name: 'steps-of-break',
  text: `SELECT at, step, by, action, note FROM break_steps WHERE break_id = $1 ORDER BY number`,
};

/** Breaks that are not resolved, by bank and kind, with the age of the oldest in seconds. */
export const countBreaks = {
  name: 'count-breaks',
  text: `
    SELECT bank, kind, count(*)::int AS breaks,
           extract(epoch FROM clock_timestamp() - min(found_at))::float8 AS oldest
      FROM statement_breaks WHERE status <> 'resolved' GROUP BY bank, kind`,
};

export interface CountedBreaks {
  bank: string;
  kind: BreakKind;
  breaks: number;
  oldest: number;
}

export interface BreakRow {
  id: string;
  bank: string;
  currency: Currency;
  kind: BreakKind;
  status: BreakStatus;
  reference: string | null;
  transaction_id: string | null;
  end_to_end_id: string | null;
  bank_amount: bigint | null;
  book_amount: bigint | null;
  difference: bigint;
  booked_at: Date;
  createdAt: Date;
  round: number;
  action: (typeof BREAK_ACTIONS)[number] | null;
  note: string | null;
  proposed_by: string | null;
  proposed_at: Date | null;
  adjustment_id: string | null;
  expires_at: Date | null;
  decided_by: string | null;
  decided_at: Date | null;
  decision_note: string | null;
  resolution: 'corrected' | 'explained' | 'matched' | null;
  resolved_at: Date | null;
}

export interface StepRow {
  at: Date;
  step: 'found' | 'proposed' | 'approved' | 'rejected' | 'matched' | 'reopened';
  by: string | null;
  action: (typeof BREAK_ACTIONS)[number] | null;
  note: string | null;
}

/** What has a value, under the same names. */
function present<T extends Record<string, unknown>>(values: T) {
  const told = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(
    told.map(([name, value]) => [
      name,
      value instanceof Date ? value.toISOString() : typeof value === 'bigint' ? `${value}` : value,
    ]),
  );
}

/** An adjustment that makes the clearing account the bank's: what it has more, we owe it less. */
const correctionOf = ({ adjustment_id: adjustmentId, difference, expires_at }: BreakRow) => ({
  adjustmentId: adjustmentId as string,
  direction: difference > 0n ? ('debit' as const) : ('credit' as const),
  amount: String(difference < 0n ? -difference : difference),
  expiresAt: (expires_at as Date).toISOString(),
});

export const breakView = (row: BreakRow): StatementBreak => ({
  id: row.id,
  bank: row.bank,
  currency: row.currency,
  kind: row.kind,
  status: row.status,
  difference: String(row.difference),
  bookedAt: row.booked_at.toISOString(),
  foundAt: row.createdAt.toISOString(),
  ...present({
    reference: row.reference,
    endToEndId: row.end_to_end_id,
    transactionId: row.transaction_id,
    bankAmount: row.bank_amount,
    bookAmount: row.book_amount,
    action: row.action,
    note: row.note,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    decisionNote: row.decision_note,
    resolution: row.resolution,
    resolvedAt: row.resolved_at,
  }),
  ...(row.adjustment_id === null ? {} : { correction: correctionOf(row) }),
});

export const stepView = ({ at, step, by, action, note }: StepRow) => ({
  at: at.toISOString(),
  step,
  ...present({ by, action, note }),
});
