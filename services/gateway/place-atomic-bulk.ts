import { createEnvelope, LANE_TYPES } from '@florin/contracts';
import type {
  AtomicBulk,
  LaneMessage,
  Outcome,
  Transaction,
  TransactionOrder,
} from '@florin/contracts';
import { currentTraceparent } from '@florin/runtime';
import type { SubmissionStore } from './adapters/submission-store.ts';
import { isRefusal, overloaded, refusal, type Refusal } from './domain/refusal.ts';
import type { Bulk } from './place-bulk.ts';
import {
  keyReused,
  refuseConcurrent,
  type PlacementContext,
  type PlacementDeps,
} from './place-transaction.ts';

/** All of a bulk was done, in the order of its items, or nothing, because of one of them. */
export type AtomicPlacement =
  | { transactions: Transaction[]; replayed: boolean }
  | { item: number; because: Transaction | Refusal; replayed: boolean }
  | Refusal;

interface AtomicBulkDeps extends Pick<PlacementDeps, 'admit' | 'inbox' | 'lanes' | 'clock'> {
  submissions: Pick<SubmissionStore, 'rememberBulk'>;
}

/** Its risks are written beside its orders: together they must fit in one message of a lane. */
const BULK_CHARACTERS_MAX = 500_000;
/** What is done together can't be promised in parts: whoever wants no answer waits so long. */
const WAIT_DEFAULT_MS = 5_000;

const notDecided = overloaded(
  'the outcome is not known yet: please repeat the request with the same Idempotency-Key',
);

function bulkOf({ id, fingerprint }: Bulk, orders: readonly TransactionOrder[]): AtomicBulk {
  const [first] = orders;
  if (first === undefined) throw new TypeError('a bulk is never empty');
  const { clientId, walletId, context } = first;
  return {
    bulkId: id,
    clientId,
    bodyHash: fingerprint,
    walletId,
    ...(context !== undefined && { context }),
    orders: orders.map((order) => {
      if (order.type !== 'transfer') throw new TypeError('a bulk is made of transfers');
      const { type: _, clientId: __, bodyHash: ___, context: ____, ...item } = order;
      return item;
    }),
  };
}

/**
 * Places transfers that are carried out together or not at all: one message, decided in one
 * database transaction. The ledger tells of each that was done, or of the one that was refused.
 */
export function createPlaceAtomicBulk(deps: AtomicBulkDeps) {
  const { admit, inbox, lanes, submissions, clock } = deps;

  const messageOf = (bulk: AtomicBulk, requestId: string): LaneMessage =>
    createEnvelope(LANE_TYPES.bulkInitiated, {
      id: bulk.bulkId,
      source: '/gateway',
      wallet: bulk.walletId,
      time: new Date(clock.nowMs()).toISOString(),
      data: bulk,
      correlationId: requestId,
      traceparent: currentTraceparent(),
    });

  /** Resolves with the word on the whole, or when each of its transactions was told. */
  async function decided(bulk: AtomicBulk, requestId: string, waitMs: number) {
    const { bulkId, bodyHash } = bulk;
    const whole = inbox.wait(bulkId, bodyHash, waitMs);
    const each = bulk.orders.map(({ transactionId }) =>
      inbox.wait(transactionId, bodyHash, waitMs),
    );
    lanes.send(messageOf(bulk, requestId));
    const all = Promise.all(each);
    const first = await Promise.race([whole, all]);
    inbox.forget([bulkId, ...bulk.orders.map(({ transactionId }) => transactionId)]);
    return first;
  }

  return async (bulk: Bulk, { requestId, waitMs }: PlacementContext): Promise<AtomicPlacement> => {
    const refusedAt = bulk.items.findIndex(isRefusal);
    const orders = bulk.items.filter((item) => !isRefusal(item)) as TransactionOrder[];
    if (refusedAt >= 0) {
      return { item: refusedAt, because: bulk.items[refusedAt] as Refusal, replayed: false };
    }
    const message = bulkOf(bulk, orders);
    if (JSON.stringify(message).length > BULK_CHARACTERS_MAX) {
      return refusal('payload-too-large', 'an atomic bulk must fit in one message: use several');
    }
    const ids = [bulk.id, ...orders.map(({ transactionId }) => transactionId)];
    const concurrent = (): Refusal | undefined =>
      ids.map((id) => refuseConcurrent(inbox, id, bulk.fingerprint)).find((one) => one);
    const stopped = concurrent() ?? admit(orders.length);
    if (stopped !== undefined) return stopped;
    const seen = await submissions.rememberBulk(bulk.id, bulk.fingerprint);
    const late = seen === 'reused' ? keyReused : concurrent();
    if (late !== undefined) return late;
    const outcome = await decided(message, requestId, waitMs === 0 ? WAIT_DEFAULT_MS : waitMs);
    return Array.isArray(outcome) ? allOf(outcome) : wholeOf(outcome);
  };
}

function wholeOf(outcome: Outcome | undefined): AtomicPlacement {
  if (outcome === undefined) return notDecided;
  if (outcome.kind === 'key-reused') return keyReused;
  if (outcome.kind !== 'bulk-refused') {
    throw new TypeError(`a bulk was answered with the outcome ${outcome.kind}`);
  }
  const { item, transaction, replayed } = outcome;
  return { item, because: transaction, replayed };
}

function allOf(outcomes: readonly (Outcome | undefined)[]): AtomicPlacement {
  const transactions: Transaction[] = [];
  let replayed = false;
  for (const outcome of outcomes) {
    if (outcome?.kind !== 'transaction') return notDecided;
    transactions.push(outcome.transaction);
    replayed ||= outcome.replayed;
  }
  return { transactions, replayed };
}

export type PlaceAtomicBulk = ReturnType<typeof createPlaceAtomicBulk>;
