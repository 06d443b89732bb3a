import { createEnvelope, LANE_TYPES } from '@florin/contracts';
import type { Outcome, ReviewStatus, ReviewVerdict, Transaction } from '@florin/contracts';
import { uuidv7, type Clock } from '@florin/kernel';
import type { LaneSender, OutcomeInbox, RecordAction } from '@florin/messaging';
import { currentTraceparent } from '@florin/runtime';
import type { Ledger } from './adapters/ledger.ts';
import type { WalletDirectory } from './adapters/wallet-directory.ts';
import type { Admission } from './admission.ts';
import { isRefusal, overloaded, refusal, type Refusal } from './domain/refusal.ts';

interface ReviewDeps {
  admit: Admission;
  inbox: OutcomeInbox;
  lanes: LaneSender;
  ledger: Pick<Ledger, 'getTransaction'>;
  directory: Pick<WalletDirectory, 'find'>;
  record: RecordAction;
  clock: Clock;
}

export interface Verdict {
  transactionId: string;
  verdict: 'approve' | 'decline';
  actorId: string;
  note: string | undefined;
  requestId: string;
}

const WAIT_MS = 5_000;

const DECIDED = { approve: 'approved', decline: 'declined' } as const satisfies Record<
  Verdict['verdict'],
  ReviewStatus
>;

const REFUSALS = {
  'not-found': 'there is no review of this transaction',
  'hold-already-settled': 'somebody has decided otherwise',
  'hold-expired': 'the time for a decision is over',
  'wallet-frozen': 'a wallet is frozen by now; the review stays open',
  'wallet-closed': 'a wallet is closed by now; the review stays open',
  'limit-exceeded': 'a limit is exceeded by now; the review stays open',
} satisfies Record<Extract<Outcome, { kind: 'review-refused' }>['code'], string>;

const notFound = refusal('not-found', REFUSALS['not-found']);

/** Undefined when the ledger was not heard in time. */
function verdictOf(outcome: Outcome | undefined): Transaction | Refusal | undefined {
  switch (outcome?.kind) {
    case undefined:
      return undefined;
    case 'transaction':
      return outcome.transaction;
    case 'review-refused':
      return refusal(outcome.code, REFUSALS[outcome.code]);
    case 'key-reused':
    case 'wallet':
    case 'wallet-refused':
    case 'bulk-refused':
    case 'adjustment':
    case 'adjustment-refused':
      throw new TypeError(`a verdict was answered with the outcome ${outcome.kind}`);
  }
}

/** A verdict as it travels, down the lane of the wallet that pays. */
const messageOf = (verdict: Verdict, walletId: string, nowMs: number) =>
  createEnvelope(LANE_TYPES.decideReview, {
    id: uuidv7(nowMs),
    source: '/gateway',
    wallet: walletId,
    time: new Date(nowMs).toISOString(),
    data: {
      transactionId: verdict.transactionId,
      walletId,
      verdict: verdict.verdict,
      decidedBy: verdict.actorId,
      ...(verdict.note === undefined ? {} : { note: verdict.note }),
    } satisfies ReviewVerdict,
    correlationId: verdict.requestId,
    traceparent: currentTraceparent(),
  });

/**
 * Brings an operator's verdict to the ledger, which lets the first one win; the same verdict again
 * answers the same. Nobody is answered before the audit log knows: it is told what the ledger has
 * written down, so whoever repeats a verdict records it under the name of the one who gave it.
 * @throws RetryableError when the ledger or the audit log is away
 */
export function createDecideReview(deps: ReviewDeps) {
  const { admit, inbox, lanes, ledger, directory, record, clock } = deps;

  async function reviewed(transactionId: string): Promise<Transaction | undefined> {
    const { transaction } = await ledger.getTransaction({ id: transactionId });
    return transaction?.review === undefined ? undefined : transaction;
  }

  async function decide(verdict: Verdict, walletId: string): Promise<Transaction | Refusal> {
    const full = admit(1);
    if (full !== undefined) return full;
    const message = messageOf(verdict, walletId, clock.nowMs());
    const waiting = inbox.wait(message.id, '', WAIT_MS);
    lanes.send(message);
    const decided = verdictOf(await waiting);
    if (decided !== undefined) return decided;
    const now = await reviewed(verdict.transactionId);
    if (now?.review?.status === DECIDED[verdict.verdict]) return now;
    return overloaded('the wallet’s ledger did not answer in time: please try again');
  }

  return async (verdict: Verdict): Promise<Transaction | Refusal> => {
    const before = await reviewed(verdict.transactionId);
    if (before === undefined) return notFound;
    const payer = await directory.find(before.walletId);
    if (payer?.ownerId === verdict.actorId) {
      return refusal('forbidden', 'nobody decides about a payment of their own');
    }
    const decided = await decide(verdict, before.walletId);
    if (isRefusal(decided)) return decided;
    const { review } = decided;
    const status = DECIDED[verdict.verdict];
    await record({
      id: `review-${verdict.transactionId}-${status}`,
      ...(review?.decidedAt === undefined ? {} : { at: review.decidedAt }),
      actorId: review?.decidedBy ?? verdict.actorId,
      action: `review-${status}`,
      target: verdict.transactionId,
      before: 'open',
      after: status,
      ...(review?.note === undefined ? {} : { note: review.note }),
      requestId: verdict.requestId,
    });
    return decided;
  };
}

export type DecideReview = ReturnType<typeof createDecideReview>;
