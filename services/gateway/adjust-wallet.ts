import {
  createEnvelope,
  LANE_TYPES,
  type Adjustment,
  type AdjustmentProposal,
  type AdjustmentVerdict,
  type LaneMessage,
  type Outcome,
  type Transaction,
} from '@florin/contracts';
import { uuidv7, type Clock } from '@florin/kernel';
import type { LaneSender, OutcomeInbox } from '@florin/messaging';
import { currentTraceparent } from '@florin/runtime';
import type { Adjustments } from './adapters/adjustments.ts';
import type { Ledger } from './adapters/ledger.ts';
import type { Admission } from './admission.ts';
import { overloaded, refusal, type Refusal } from './domain/refusal.ts';
import { keyReused, refuseConcurrent } from './place-transaction.ts';

interface AdjustDeps {
  admit: Admission;
  inbox: OutcomeInbox;
  lanes: LaneSender;
  ledger: Pick<Ledger, 'simulate'>;
  adjustments: Pick<Adjustments, 'getAdjustment'>;
  clock: Clock;
}

/** How an adjustment stands, and what it has made. */
export type Adjusted =
  { adjustment: Adjustment; transaction?: Transaction | undefined; replayed: boolean } | Refusal;

const WAIT_MS = 5_000;

const REFUSALS = {
  'not-found': 'there is no such adjustment or wallet',
  'idempotency-key-reused': keyReused.detail,
  'four-eyes': 'who proposes an adjustment does not decide about it',
  'adjustment-decided': 'somebody has decided about it',
  'adjustment-expired': 'the time for a decision is over: it can be proposed again',
  'wallet-closed': 'the wallet is closed',
  'insufficient-funds': 'the wallet does not have as much; the proposal stays open',
  'limit-exceeded': 'the wallet can not hold as much; the proposal stays open',
} satisfies Record<Extract<Outcome, { kind: 'adjustment-refused' }>['code'], string>;

/** Undefined when the ledger was not heard in time. */
function adjustedOf(outcome: Outcome | undefined): Adjusted | undefined {
  if (outcome === undefined || outcome.kind === 'adjustment') return outcome;
  if (outcome.kind === 'adjustment-refused') return refusal(outcome.code, REFUSALS[outcome.code]);
  throw new TypeError(`an adjustment was answered with the outcome ${outcome.kind}`);
}

/** Brings proposals and verdicts to the lane of their wallet, and waits for its decision. */
export function createAdjustWallet(deps: AdjustDeps) {
  const { admit, inbox, lanes, ledger, adjustments, clock } = deps;

  const fieldsOf = (id: string, walletId: string, requestId: string) => ({
    id,
    source: '/gateway',
    wallet: walletId,
    time: new Date(clock.nowMs()).toISOString(),
    correlationId: requestId,
    traceparent: currentTraceparent(),
  });

  const verdictMessage = (data: AdjustmentVerdict, requestId: string): LaneMessage =>
    createEnvelope(LANE_TYPES.decideAdjustment, {
      ...fieldsOf(uuidv7(clock.nowMs()), data.walletId, requestId),
      data,
    });

  async function decided(
    message: LaneMessage,
    fingerprint: string,
    adjustmentId: string,
    isDone: (adjustment: Adjustment) => boolean,
  ): Promise<Adjusted> {
    const refused = refuseConcurrent(inbox, message.id, fingerprint) ?? admit(1);
    if (refused !== undefined) return refused;
    const waiting = inbox.wait(message.id, fingerprint, WAIT_MS);
    lanes.send(message);
    const adjusted = adjustedOf(await waiting);
    if (adjusted !== undefined) return adjusted;
    const { adjustment } = await adjustments.getAdjustment({ id: adjustmentId });
    if (adjustment !== null && isDone(adjustment)) return { adjustment, replayed: false };
    return overloaded('the wallet’s ledger did not answer in time: please try again');
  }

  return {
    propose(data: AdjustmentProposal, requestId: string): Promise<Adjusted> {
      const fields = fieldsOf(data.adjustmentId, data.walletId, requestId);
      const message = createEnvelope(LANE_TYPES.proposeAdjustment, { ...fields, data });
      const { reason, proposedBy } = data;
      return decided(
        message,
        data.bodyHash,
        data.adjustmentId,
        (one) => one.reason === reason && one.proposedBy === proposedBy,
      );
    },

    decide(data: AdjustmentVerdict, requestId: string): Promise<Adjusted> {
      const status = data.verdict === 'approve' ? 'approved' : 'rejected';
      return decided(
        verdictMessage(data, requestId),
        '',
        data.adjustmentId,
        (one) => one.status === status && one.decidedBy === data.decidedBy,
      );
    },

    /** What a verdict would do, with nothing done. */
    async simulate(data: AdjustmentVerdict, requestId: string): Promise<Adjusted> {
      const messages = [verdictMessage(data, requestId)];
      const { outcomes } = await ledger.simulate({ messages });
      return adjustedOf(outcomes[0]) ?? refusal('not-found', REFUSALS['not-found']);
    },
  };
}

export type AdjustWallet = ReturnType<typeof createAdjustWallet>;
