import type { Outcome, TransactionOrder } from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import { pendingTransactionOf } from './domain/order.ts';
import { isRefusal, overloaded, type Refusal } from './domain/refusal.ts';
import type { SubmissionStore } from './adapters/submission-store.ts';
import {
  keyReused,
  orderMessage,
  placementOf,
  refuseConcurrent,
  type Placement,
  type PlacementContext,
  type PlacementDeps,
} from './place-transaction.ts';

/** A bulk request: its items are orders, or were refused before they became one. */
export interface Bulk {
  id: string;
  fingerprint: string;
  items: readonly (TransactionOrder | Refusal)[];
  /** One payment to several. */
  isSplit?: true;
}

export interface BulkPlacement {
  /** In the order of the items. */
  placements: Placement[];
  replayed: boolean;
}

interface BulkDeps extends PlacementDeps {
  submissions: Pick<SubmissionStore, 'store' | 'rememberBulk'>;
}

const isPending = (placement: Placement | undefined): boolean =>
  placement === undefined || (!isRefusal(placement) && placement.state === 'pending');

/**
 * Places many orders that stand for themselves: each has its own outcome. What the key stands for
 * is written down first, so that the same key with another list does nothing at all.
 */
export function createPlaceBulk(deps: BulkDeps) {
  const { admit, inbox, lanes, submissions, clock, log } = deps;
  /** Fingerprints of the bulk requests that run now, by id. */
  const running = new Map<string, string>();

  const sendOrder = (order: TransactionOrder, requestId: string): void =>
    lanes.send(orderMessage(order, requestId, clock.nowMs()));

  async function promiseRest(
    orders: readonly TransactionOrder[],
    requestId: string,
  ): Promise<Placement[]> {
    if (orders.length === 0) return [];
    const createdAt = new Date(clock.nowMs()).toISOString();
    const promised = await submissions.store(orders, requestId).catch((error: unknown) => {
      if (!(error instanceof RetryableError)) throw error;
      log.warn({ err: error, requestId }, 'orders of a bulk could not be promised');
      return undefined;
    });
    return orders.map((order): Placement => {
      if (promised === undefined) return overloaded('not decided yet: please repeat the request');
      if (promised.has(order.transactionId)) return keyReused;
      const transaction = pendingTransactionOf(order, createdAt);
      return { state: 'pending', transaction, replayed: false };
    });
  }

  /** Orders that repeat a running single request are left to that one. */
  async function waitForAll(
    orders: readonly TransactionOrder[],
    { requestId, waitMs }: PlacementContext,
  ): Promise<Map<string, Placement>> {
    const placements = new Map<string, Placement>();
    const outcomes: Promise<[string, Outcome | undefined]>[] = [];
    for (const order of orders) {
      const { transactionId: id, bodyHash } = order;
      const refused = refuseConcurrent(inbox, id, bodyHash);
      if (refused !== undefined) {
        placements.set(id, refused);
        continue;
      }
      outcomes.push(inbox.wait(id, bodyHash, waitMs).then((outcome) => [id, outcome]));
      sendOrder(order, requestId);
    }
    for (const [id, outcome] of await Promise.all(outcomes)) {
      if (outcome !== undefined) placements.set(id, placementOf(outcome));
    }
    return placements;
  }

  async function placeAll(bulk: Bulk, context: PlacementContext): Promise<Placement[]> {
    const orders = bulk.items.filter((item) => !isRefusal(item)) as TransactionOrder[];
    const decided =
      context.waitMs === 0 ? new Map<string, Placement>() : await waitForAll(orders, context);
    const unheard = orders.filter(({ transactionId }) => !decided.has(transactionId));
    const promised = await promiseRest(unheard, context.requestId);
    if (context.waitMs === 0) {
      for (const order of unheard) sendOrder(order, context.requestId);
    }
    unheard.forEach(({ transactionId }, index) => {
      decided.set(transactionId, promised[index] as Placement);
    });
    return bulk.items.map((item) =>
      isRefusal(item) ? item : (decided.get(item.transactionId) as Placement),
    );
  }

  async function remember(bulk: Bulk): Promise<'new' | 'same' | Refusal> {
    const seen = await submissions.rememberBulk(bulk.id, bulk.fingerprint);
    return seen === 'reused' ? keyReused : seen;
  }

  return async (bulk: Bulk, context: PlacementContext): Promise<BulkPlacement | Refusal> => {
    const refused =
      refuseConcurrent({ waitingFor: (id) => running.get(id) }, bulk.id, bulk.fingerprint) ??
      admit(bulk.items.length);
    if (refused !== undefined) return refused;
    running.set(bulk.id, bulk.fingerprint);
    try {
      const seen = await remember(bulk);
      if (typeof seen !== 'string') return seen;
      const placements = await placeAll(bulk, context);
      return { placements, replayed: seen === 'same' && !placements.every(isPending) };
    } finally {
      running.delete(bulk.id);
    }
  };
}

export type PlaceBulk = ReturnType<typeof createPlaceBulk>;
