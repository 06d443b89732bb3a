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

interface All {
  transactions: Transaction[];
  replayed: boolean;
}

type BulkMessage = Extract<LaneMessage, { type: typeof LANE_TYPES.bulkInitiated }>;

/** All of a bulk was done, in the order of its items, or nothing, because of one of them. */
export type AtomicPlacement =
  All | { item: number; because: Transaction | Refusal; replayed: boolean } | Refusal;

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

function bulkOf(
  { id, fingerprint, isSplit }: Bulk,
  orders: readonly TransactionOrder[],
): AtomicBulk {
  const [first] = orders;
  if (first === undefined) throw new TypeError('a bulk is never empty');
  const { clientId, walletId, context } = first;
  return {
    bulkId: id,
    clientId,
    bodyHash: fingerprint,
    walletId,
    ...(isSplit && { isSplit }),
    ...(context !== undefined && { context }),
    orders: orders.map((order) => {
      if (order.type !== 'transfer') throw new TypeError('a bulk is made of transfers');
      const { type: _, clientId: __, bodyHash: ___, context: ____, ...item } = order;
      return item;
    }),
  };
}

/** A bulk as it travels; or why it can't, which an item may be the reason of. */
export function bulkMessage(
  bulk: Bulk,
  requestId: string,
  nowMs: number,
): BulkMessage | Exclude<AtomicPlacement, All> {
  const refusedAt = bulk.items.findIndex(isRefusal);
  const orders = bulk.items.filter((item) => !isRefusal(item)) as TransactionOrder[];
  if (refusedAt >= 0) {
    return { item: refusedAt, because: bulk.items[refusedAt] as Refusal, replayed: false };
  }
  const data = bulkOf(bulk, orders);
  if (JSON.stringify(data).length > BULK_CHARACTERS_MAX) {
    return refusal('payload-too-large', 'an atomic bulk must fit in one message: use several');
  }
  return createEnvelope(LANE_TYPES.bulkInitiated, {
    id: data.bulkId,
    source: '/gateway',
    wallet: data.walletId,
    time: new Date(nowMs).toISOString(),
    data,
    correlationId: requestId,
    traceparent: currentTraceparent(),
  });
}

/**
 * Places transfers that are carried out together or not at all: one message, decided in one
 * database transaction. The ledger tells of each that was done, or of the one that was refused.
 */
export function createPlaceAtomicBulk(deps: AtomicBulkDeps) {
  const { admit, inbox, lanes, submissions, clock } = deps;

  /** Resolves with the word on the whole, or when each of its transactions was told. */
  async function decided(message: BulkMessage, waitMs: number) {
    const { bulkId, bodyHash, orders } = message.data;
    const whole = inbox.wait(bulkId, bodyHash, waitMs);
    const each = orders.map(({ transactionId }) => inbox.wait(transactionId, bodyHash, waitMs));
    lanes.send(message);
    const all = Promise.all(each);
    const first = await Promise.race([whole, all]);
    inbox.forget([bulkId, ...orders.map(({ transactionId }) => transactionId)]);
    return first;
  }

  return async (bulk: Bulk, { requestId, waitMs }: PlacementContext): Promise<AtomicPlacement> => {
    const message = bulkMessage(bulk, requestId, clock.nowMs());
    if ('because' in message || isRefusal(message)) return message;
    const { orders } = message.data;
    const ids = [bulk.id, ...orders.map(({ transactionId }) => transactionId)];
    const concurrent = (): Refusal | undefined =>
      ids.map((id) => refuseConcurrent(inbox, id, bulk.fingerprint)).find((one) => one);
    const stopped = concurrent() ?? admit(orders.length);
    if (stopped !== undefined) return stopped;
    const seen = await submissions.rememberBulk(bulk.id, bulk.fingerprint);
    const late = seen === 'reused' ? keyReused : concurrent();
    if (late !== undefined) return late;
    const outcome = await decided(message, waitMs === 0 ? WAIT_DEFAULT_MS : waitMs);
    return Array.isArray(outcome) ? allOf(outcome) : wholeOf(outcome);
  };
}

/** What was told of a bulk, together or of each of its transactions. */
export function atomicPlacementOf(outcomes: readonly Outcome[]): AtomicPlacement {
  const [first] = outcomes;
  return first?.kind === 'transaction' ? allOf(outcomes) : wholeOf(first);
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
