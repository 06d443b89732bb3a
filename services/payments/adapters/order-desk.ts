import {
  createEnvelope,
  LANE_TYPES,
  type Outcome,
  type Transaction,
  type TransactionOrder,
} from '@florin/contracts';
import { TerminalError, type Clock } from '@florin/kernel';
import type { LaneSender, OutcomeInbox } from '@florin/messaging';

/** Brings orders to their lanes and hears what the ledger decides. */
export interface OrderDesk {
  /**
   * The decision about an order, or undefined when none was heard in time: then the order may have
   * been carried out or not, and the same order, sent again, finds out and does nothing twice.
   */
  place(order: TransactionOrder, waitMs: number): Promise<Transaction | undefined>;
}

interface DeskDeps {
  lanes: Pick<LaneSender, 'send'>;
  inbox: Pick<OutcomeInbox, 'wait' | 'waitingFor'>;
  clock: Clock;
}

function transactionOf(outcome: Outcome | undefined, id: string): Transaction | undefined {
  if (outcome === undefined) return undefined;
  if (outcome.kind === 'transaction') return outcome.transaction;
  // Ids follow from what is ordered and nothing else, and so does the hash.
  throw new TerminalError(`order ${id} was answered with ${outcome.kind}`);
}

export function createOrderDesk({ lanes, inbox, clock }: DeskDeps): OrderDesk {
  return {
    async place(order, waitMs) {
      const { transactionId: id, bodyHash, walletId: wallet } = order;
      // It is under way from here already; its decision will be heard by whoever sent it.
      if (inbox.waitingFor(id) !== undefined) return undefined;
      const outcome = inbox.wait(id, bodyHash, waitMs);
      const time = new Date(clock.nowMs()).toISOString();
      lanes.send(
        createEnvelope(LANE_TYPES.transactionInitiated, {
          id,
          source: '/payments',
          wallet,
          time,
          data: order,
        }),
      );
      return transactionOf(await outcome, id);
    },
  };
}
