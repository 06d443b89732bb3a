import { createEnvelope, LANE_TYPES } from '@florin/contracts';
import type { AnyOrder, LaneMessage, Outcome, Transaction } from '@florin/contracts';
import { RetryableError, unreachable, type Clock } from '@florin/kernel';
import { currentTraceparent, type Logger } from '@florin/runtime';
import type { Ledger } from './adapters/ledger.ts';
import type { LaneSender, OutcomeInbox } from '@florin/messaging';
import type { SubmissionStore } from './adapters/submission-store.ts';
import type { Admission } from './admission.ts';
import { isTransactionOf } from './domain/is-transaction-of.ts';
import { isFollowUp, pendingTransactionOf } from './domain/order.ts';
import { isRefusal, overloaded, refusal, type Refusal } from './domain/refusal.ts';

/** What became of an order: decided by the ledger, or promised to be. */
export type Placement =
  { state: 'decided' | 'pending'; transaction: Transaction; replayed: boolean } | Refusal;

export interface PlacementContext {
  requestId: string;
  /** How long to wait for a decision; 0 stores the order and answers at once. */
  waitMs: number;
}

export interface PlacementDeps {
  admit: Admission;
  inbox: OutcomeInbox;
  lanes: LaneSender;
  ledger: Pick<Ledger, 'getTransaction'>;
  submissions: Pick<SubmissionStore, 'store'>;
  clock: Clock;
  log: Logger;
}

export const keyReused = refusal(
  'idempotency-key-reused',
  'this Idempotency-Key was used with another request; send a new one',
);

const stateOf = ({ status }: Transaction) => (status === 'pending' ? 'pending' : 'decided');

/** The ledger knows the transaction already: it keeps the first answer for ever. */
function known(order: AnyOrder, transaction: Transaction, replayed: boolean): Placement {
  if (!isTransactionOf(order, transaction)) return keyReused;
  return { state: stateOf(transaction), transaction, replayed };
}

/** An order as it travels. Its id is the transaction's: the ledger answers under this id. */
export function orderMessage(order: AnyOrder, requestId: string, nowMs: number): LaneMessage {
  const fields = {
    id: order.transactionId,
    source: '/gateway',
    wallet: order.walletId,
    time: new Date(nowMs).toISOString(),
    correlationId: requestId,
    traceparent: currentTraceparent(),
  };
  return isFollowUp(order)
    ? createEnvelope(LANE_TYPES.followUpInitiated, { ...fields, data: order })
    : createEnvelope(LANE_TYPES.transactionInitiated, { ...fields, data: order });
}

/** An outcome of a transaction's lane message as a placement. */
export function placementOf(outcome: Outcome): Placement {
  switch (outcome.kind) {
    case 'transaction': {
      const { transaction, replayed } = outcome;
      return { state: stateOf(transaction), transaction, replayed };
    }
    case 'key-reused':
      return keyReused;
    case 'wallet':
    case 'wallet-refused':
    case 'review-refused':
    case 'bulk-refused':
    case 'adjustment':
    case 'adjustment-refused':
      throw new TypeError(`a transaction was answered with the outcome ${outcome.kind}`);
    default:
      return unreachable(outcome);
  }
}

/** The same key at the same moment: the second request must not wait in the first one's place. */
export function refuseConcurrent(
  inbox: Pick<OutcomeInbox, 'waitingFor'>,
  id: string,
  fingerprint: string,
): Refusal | undefined {
  const waiting = inbox.waitingFor(id);
  if (waiting === undefined) return undefined;
  if (waiting !== fingerprint) return keyReused;
  return refusal(
    'idempotency-request-in-flight',
    'the first request with this Idempotency-Key is still running',
  );
}

/**
 * Brings orders to the ledger and waits for its decision. The promise made by `pending` is durable:
 * the order stands in the ledger, or in the gateway's database from where it is sent again.
 */
export function createPlaceTransaction(deps: PlacementDeps) {
  const { admit, inbox, lanes, ledger, submissions, clock, log } = deps;

  const send = (order: AnyOrder, requestId: string): void =>
    lanes.send(orderMessage(order, requestId, clock.nowMs()));

  /** Undefined when the ledger does not know the transaction, or does not answer. */
  async function lookUp(order: AnyOrder, replayed: boolean): Promise<Placement | undefined> {
    try {
      const { transaction } = await ledger.getTransaction({ id: order.transactionId });
      return transaction === null ? undefined : known(order, transaction, replayed);
    } catch (error) {
      if (error instanceof RetryableError) return undefined;
      throw error;
    }
  }

  async function promise(order: AnyOrder, requestId: string): Promise<Placement> {
    try {
      const reused = await submissions.store([order], requestId);
      if (reused.size > 0) return keyReused;
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      log.warn({ err: error, requestId }, 'an order could not be promised');
      return overloaded(
        'the outcome is not known yet: please repeat the request with the same Idempotency-Key',
      );
    }
    const createdAt = new Date(clock.nowMs()).toISOString();
    const transaction = pendingTransactionOf(order, createdAt);
    return { state: 'pending', transaction, replayed: false };
  }

  async function placeWithoutWaiting(order: AnyOrder, requestId: string): Promise<Placement> {
    const before = await lookUp(order, true);
    if (before !== undefined) return before;
    const promised = await promise(order, requestId);
    if (!isRefusal(promised)) send(order, requestId);
    return promised;
  }

  async function conclude(
    order: AnyOrder,
    outcome: Outcome | undefined,
    requestId: string,
  ): Promise<Placement> {
    const heard = outcome === undefined ? undefined : placementOf(outcome);
    // The settlement of a repeated request goes to the instance that took the first one.
    if (heard !== undefined && (isRefusal(heard) || heard.state === 'decided')) return heard;
    return (await lookUp(order, heard?.replayed ?? false)) ?? heard ?? promise(order, requestId);
  }

  return async (order: AnyOrder, { requestId, waitMs }: PlacementContext): Promise<Placement> => {
    const refused = refuseConcurrent(inbox, order.transactionId, order.bodyHash) ?? admit(1);
    if (refused !== undefined) return refused;
    if (waitMs === 0) return placeWithoutWaiting(order, requestId);
    const waiting = inbox.wait(order.transactionId, order.bodyHash, waitMs);
    send(order, requestId);
    return conclude(order, await waiting, requestId);
  };
}

export type PlaceTransaction = ReturnType<typeof createPlaceTransaction>;
