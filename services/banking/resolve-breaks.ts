import { createHash } from 'node:crypto';
import type {
  ADJUSTMENT_REQUESTS,
  Adjustment,
  BREAK_REFUSALS,
  STATEMENT_REQUESTS,
} from '@florin/contracts';
import { present, uuidFromDigest } from '@florin/kernel';
import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import type { z } from 'zod';
import {
  breakView,
  decideBreak,
  findBreak,
  findProposedCorrections,
  lockBreak,
  proposeForBreak,
  type BreakRow,
} from './sql/statement-breaks.ts';

type Requests = typeof STATEMENT_REQUESTS;
type Proposal = z.output<Requests['proposeResolution']['request']>;
type Verdict = z.output<Requests['decideResolution']['request']>;
type Changed = z.input<Requests['proposeResolution']['response']>;

interface ResolveBreaksDeps {
  pool: pg.Pool;
  /** What the ledger says of an adjustment. @throws RetryableError while it is away */
  getAdjustment(
    question: z.input<(typeof ADJUSTMENT_REQUESTS)['getAdjustment']['request']>,
  ): Promise<{ adjustment: Adjustment | null }>;
}

const refuse = (code: (typeof BREAK_REFUSALS)[number], detail: string): Changed => ({
  ok: false,
  code,
  detail,
});
const unknown = (id: string): Changed => refuse('not-found', `there is no break ${id}`);

const changed = (row: BreakRow, replayed: boolean): Changed => ({
  ok: true,
  break: breakView(row),
  round: row.round,
  replayed,
});

/** One adjustment for each proposal: whoever sends it, and however often. */
const adjustmentIdOf = ({ id, round }: BreakRow): string => {
  const name = ['correction', id, round + 1].join('\n');
  return uuidFromDigest(createHash('sha256').update(name).digest());
};

/** Why nothing can be proposed now. A correction that nobody approved in time is over. */
function whyNot(row: BreakRow, nowMs: number): string | undefined {
  if (row.status === 'resolved') return 'the break is resolved';
  if (row.status !== 'proposed') return undefined;
  const isOver = row.expires_at !== null && row.expires_at.getTime() <= nowMs;
  return isOver ? undefined : 'somebody has proposed how to resolve it';
}

/** What the ledger has decided about a correction, in the words of a verdict. */
const VERDICT_OF = { approved: 'approve', rejected: 'reject' } as const;

/**
 * Proposals and verdicts about breaks. Each changes the row of its break under its lock, by which
 * one of two at once is the second. What a correction posts is not decided here: the ledger has
 * approved or rejected the adjustment before, with the same two people, and is asked for its word.
 */
export function createResolveBreaks({ pool, getAdjustment }: ResolveBreaksDeps) {
  const inLock = (
    id: string,
    change: (row: BreakRow, client: pg.ClientBase) => Promise<Changed>,
  ): Promise<Changed> =>
    withHotTransaction(pool, async (client) => {
      const { rows } = await client.query<BreakRow>(lockBreak, [id]);
      return rows[0] === undefined ? unknown(id) : change(rows[0], client);
    });

  const propose = (proposal: Proposal): Promise<Changed> =>
    inLock(proposal.id, async (row, client) => {
      const { id, action, note, proposedBy, expiresInSeconds } = proposal;
      const isSame = row.proposed_by === proposedBy && row.action === action && row.note === note;
      const reason = whyNot(row, Date.now());
      if (row.status === 'proposed' && isSame && reason !== undefined) return changed(row, true);
      if (reason !== undefined) return refuse('not-now', reason);
      if (action === 'correct' && row.difference === 0n) {
        return refuse('nothing-to-correct', 'both sides have the same amount');
      }
      const adjustmentId = action === 'correct' ? adjustmentIdOf(row) : null;
      const seconds = adjustmentId === null ? null : expiresInSeconds;
      const values = [id, action, note, proposedBy, adjustmentId, seconds];
      const { rows } = await client.query<BreakRow>(proposeForBreak, values);
      return changed(present(rows[0], 'proposal'), false);
    });

  async function decide({ id, verdict, decidedBy, note }: Verdict): Promise<Changed> {
    const { rows } = await pool.query<BreakRow>(findBreak, [id]);
    const known = rows[0];
    if (known === undefined) return unknown(id);
    const word =
      known.adjustment_id === null
        ? undefined
        : (await getAdjustment({ id: known.adjustment_id })).adjustment;
    return inLock(id, async (row, client) => {
      const ended = row.status === 'resolved' ? 'approve' : 'reject';
      const isDone = row.status === 'resolved' || row.status === 'rejected';
      if (isDone && ended === verdict && row.decided_by === decidedBy) return changed(row, true);
      if (row.status !== 'proposed' || row.round !== known.round) {
        return refuse('not-now', 'nothing is proposed now: somebody has decided about it');
      }
      if (row.proposed_by === decidedBy) {
        return refuse('four-eyes', 'who proposes how to resolve a break does not decide about it');
      }
      if (row.adjustment_id !== null && !isWordOf(word, verdict, decidedBy)) {
        return refuse('not-now', 'the ledger has not decided so about the correction');
      }
      const resolution = row.action === 'correct' ? 'corrected' : 'explained';
      const { rows: after } = await client.query<BreakRow>(decideBreak, [
        id,
        verdict === 'approve' ? 'resolved' : 'rejected',
        decidedBy,
        note ?? null,
        verdict === 'approve' ? resolution : null,
        word?.decidedAt ?? null,
      ]);
      return changed(present(after[0], 'decision'), false);
    });
  }

  /** What was decided in the ledger while whoever asked for it died before it was told here. */
  async function catchUp(): Promise<void> {
    const { rows } = await pool.query<{ id: string; adjustment_id: string }>(
      findProposedCorrections,
    );
    for (const { id, adjustment_id: adjustmentId } of rows) {
      const { adjustment } = await getAdjustment({ id: adjustmentId });
      if (adjustment?.status !== 'approved' && adjustment?.status !== 'rejected') continue;
      const { status, note, decidedBy } = adjustment;
      const about = note === undefined ? {} : { note };
      const by = present(decidedBy, 'who decided about an adjustment');
      await decide({ id, verdict: VERDICT_OF[status], decidedBy: by, ...about });
    }
  }

  return { propose, decide, catchUp };
}

function isWordOf(
  adjustment: Adjustment | null | undefined,
  verdict: Verdict['verdict'],
  decidedBy: string,
): boolean {
  const status = adjustment?.status;
  if (status !== 'approved' && status !== 'rejected') return false;
  return VERDICT_OF[status] === verdict && adjustment?.decidedBy === decidedBy;
}

export type ResolveBreaks = ReturnType<typeof createResolveBreaks>;
