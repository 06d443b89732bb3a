import { createHash } from 'node:crypto';
import type { BREAK_ACTIONS, BREAK_REFUSALS, StatementBreak, Transaction } from '@florin/contracts';
import type { Adjustments } from './adapters/adjustments.ts';
import type { Statements } from './adapters/statements.ts';
import type { AdjustWallet } from './adjust-wallet.ts';
import { isRefusal, refusal, type Refusal } from './domain/refusal.ts';

interface WorkBreakDeps {
  statements: Pick<Statements, 'getBreak' | 'proposeResolution' | 'decideResolution'>;
  adjustments: Pick<Adjustments, 'getAdjustment'>;
  adjustWallet: Pick<AdjustWallet, 'propose' | 'decide'>;
}

export interface BreakProposal {
  id: string;
  action: (typeof BREAK_ACTIONS)[number];
  note: string;
  proposedBy: string;
}

export interface BreakVerdict {
  id: string;
  verdict: 'approve' | 'reject';
  decidedBy: string;
  note?: string;
}

/** How a break stands, and the transaction that has corrected it. */
export type WorkedBreak =
  { break: StatementBreak; round: number; replayed: boolean; transaction?: Transaction } | Refusal;

/** As long as any other adjustment waits for somebody else. */
const PROPOSAL_SECONDS = 3 * 86_400;

const CODES = {
  'not-found': 'not-found',
  'four-eyes': 'four-eyes',
  'not-now': 'changed-meanwhile',
  'nothing-to-correct': 'validation-failed',
} as const satisfies Record<(typeof BREAK_REFUSALS)[number], string>;

/** The clearing account of the lane that the id of the adjustment leads to. */
const placeOf = ({ bank, currency }: StatementBreak, adjustmentId: string) => ({
  walletId: adjustmentId,
  account: { kind: 'bank-clearing' as const, bank, currency },
});

/**
 * Works a break with four eyes. What a correction posts is an adjustment of the ledger, whose id
 * follows from the break and the proposal: so whoever dies in between, and however often it is
 * repeated, it is one. The ledger has the last word on it, and banking writes down what it was.
 */
export function createWorkBreak({ statements, adjustments, adjustWallet }: WorkBreakDeps) {
  /** Brings a proposal to the ledger, where whoever made it may not have come to. */
  async function ensureProposed(
    known: StatementBreak,
    requestId: string,
  ): Promise<Refusal | undefined> {
    const { correction, proposedBy, note } = known;
    if (correction === undefined || proposedBy === undefined) return undefined;
    const { expiresAt: _, ...wanted } = correction;
    const { adjustment } = await adjustments.getAdjustment({ id: wanted.adjustmentId });
    if (adjustment !== null) return undefined;
    const place = placeOf(known, wanted.adjustmentId);
    const facts = { ...wanted, ...place, proposedBy, reason: note ?? '' };
    const bodyHash = createHash('sha256').update(JSON.stringify(facts)).digest('base64url');
    const proposed = await adjustWallet.propose(
      { ...facts, bodyHash: bodyHash.slice(0, 22), expiresInSeconds: PROPOSAL_SECONDS },
      requestId,
    );
    return isRefusal(proposed) ? proposed : undefined;
  }

  async function propose(proposal: BreakProposal, requestId: string): Promise<WorkedBreak> {
    const expiresInSeconds = PROPOSAL_SECONDS;
    const proposed = await statements.proposeResolution({ ...proposal, expiresInSeconds });
    if (!proposed.ok) return refusal(CODES[proposed.code], proposed.detail);
    return (await ensureProposed(proposed.break, requestId)) ?? proposed;
  }

  async function decide(verdict: BreakVerdict, requestId: string): Promise<WorkedBreak> {
    const { break: known } = await statements.getBreak({ id: verdict.id });
    if (known === null) return refusal('not-found', `there is no break ${verdict.id}`);
    const { correction, status } = known;
    let transaction: Transaction | undefined;
    if (correction !== undefined && status !== 'open') {
      const { adjustmentId } = correction;
      const refused = await ensureProposed(known, requestId);
      if (refused !== undefined) return refused;
      const { id: _, ...word } = verdict;
      const data = { ...word, adjustmentId, ...placeOf(known, adjustmentId) };
      const decided = await adjustWallet.decide(data, requestId);
      if (isRefusal(decided)) return decided;
      transaction = decided.transaction;
    }
    const decided = await statements.decideResolution(verdict);
    if (!decided.ok) return refusal(CODES[decided.code], decided.detail);
    return { ...decided, ...(transaction === undefined ? {} : { transaction }) };
  }

  return { propose, decide };
}

export type WorkBreak = ReturnType<typeof createWorkBreak>;
