import type { AnyOrder, LaneMessage, Outcome, TransactionOrder } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { Ledger } from './adapters/ledger.ts';
import { isRefusal, refusal, type Refusal } from './domain/refusal.ts';
import { atomicPlacementOf, bulkMessage, type AtomicPlacement } from './place-atomic-bulk.ts';
import type { Bulk } from './place-bulk.ts';
import { orderMessage, placementOf, type Placement } from './place-transaction.ts';

interface SimulateDeps {
  ledger: Pick<Ledger, 'simulate'>;
  clock: Clock;
}

/** What is asked at once must fit in one message, with what is answered. */
const MESSAGES_CHARACTERS_MAX = 500_000;

/** The ledger can't decide what the gateway takes only if a wallet is not there any more. */
const undecidable = refusal('not-found', 'there is no such wallet');

/**
 * Asks the ledger what would come of orders, by its own rules and on the books as they are now.
 * Nothing is done, no key is used, and the scorer is not asked: whoever could try without paying
 * would learn how to pass it.
 */
export function createSimulate({ ledger, clock }: SimulateDeps) {
  async function outcomesOf(messages: LaneMessage[]): Promise<Outcome[] | Refusal> {
    if (JSON.stringify(messages).length > MESSAGES_CHARACTERS_MAX) {
      return refusal('payload-too-large', 'a dry run must fit in one message: use several');
    }
    return (await ledger.simulate({ messages })).outcomes;
  }

  return {
    async order(order: AnyOrder, requestId: string): Promise<Placement> {
      const outcomes = await outcomesOf([orderMessage(order, requestId, clock.nowMs())]);
      if (isRefusal(outcomes)) return outcomes;
      const [outcome] = outcomes;
      return outcome === undefined ? undecidable : placementOf(outcome);
    },

    /** Each for itself, after those before it. */
    async orders({ items }: Bulk, requestId: string): Promise<Placement[] | Refusal> {
      const orders = items.filter((item) => !isRefusal(item)) as TransactionOrder[];
      const nowMs = clock.nowMs();
      const messages = orders.map((order) => orderMessage(order, requestId, nowMs));
      const outcomes = messages.length === 0 ? [] : await outcomesOf(messages);
      if (isRefusal(outcomes)) return outcomes;
      const byId = new Map(outcomes.map((outcome) => [outcome.requestId, outcome]));
      return items.map((item) => {
        const outcome = isRefusal(item) ? undefined : byId.get(item.transactionId);
        if (outcome !== undefined) return placementOf(outcome);
        return isRefusal(item) ? item : undecidable;
      });
    },

    /** All of them or none. */
    async bulk(bulk: Bulk, requestId: string): Promise<AtomicPlacement> {
      const message = bulkMessage(bulk, requestId, clock.nowMs());
      if ('because' in message || isRefusal(message)) return message;
      const outcomes = await outcomesOf([message]);
      if (isRefusal(outcomes)) return outcomes;
      return outcomes.length === 0 ? undecidable : atomicPlacementOf(outcomes);
    },
  };
}

export type Simulate = ReturnType<typeof createSimulate>;
