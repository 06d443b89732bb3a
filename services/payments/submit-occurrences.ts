import type { Clock } from '@florin/kernel';
import { faultText } from '@florin/kernel';
import { isTransient, type Database } from '@florin/postgres';
import type { Logger } from '@florin/runtime';
import type { OrderDesk } from './adapters/order-desk.ts';
import { transferOrder } from './domain/payment-order.ts';
import { claimOccurrences, type ClaimedOccurrence } from './sql/occurrences.ts';
import type { SettleOccurrences } from './settle-occurrences.ts';

const IN_FLIGHT_MAX = 200;

interface SubmitDeps {
  db: Database['slonik'];
  desk: OrderDesk;
  settle: SettleOccurrences;
  clock: Clock;
  log: Logger;
  /** How long a decision is awaited before the same order is sent again. */
  claimMs: number;
}

/** The order of an occurrence: always the same one, from what is written down. */
function orderOf(occurrence: ClaimedOccurrence) {
  const { transactionId, clientId, walletId, currency, description } = occurrence;
  return transferOrder({
    transactionId,
    clientId,
    walletId,
    counterpartyWalletId: occurrence.toWalletId,
    amount: occurrence.amount.toString(),
    currency,
    ...(description !== null && { description }),
    metadata: {
      ...occurrence.metadata,
      scheduledTransferId: occurrence.scheduleId,
      occurrence: String(occurrence.number),
    },
  });
}

/**
 * Sends what is due to the lanes of its payers. It is marked as sent before it leaves; killed
 * between the two, or before the decision is heard, the next process sends the same order again.
 */
export function createSubmitOccurrences(deps: SubmitDeps) {
  const { db, desk, settle, clock, log, claimMs } = deps;
  const underWay = new Set<Promise<void>>();

  async function submit(occurrence: ClaimedOccurrence): Promise<void> {
    const { scheduleId, number } = occurrence;
    try {
      const transaction = await desk.place(orderOf(occurrence), claimMs);
      if (transaction !== undefined) await settle([transaction]);
    } catch (error) {
      // Nothing is lost: the claim ends, and the occurrence is sent again.
      const level = isTransient(error) ? 'warn' : 'error';
      log[level]({ err: error, scheduleId, number }, `an occurrence waits: ${faultText(error)}`);
    }
  }

  async function doSome(): Promise<boolean> {
    const room = IN_FLIGHT_MAX - underWay.size;
    if (room <= 0) {
      await Promise.race(underWay);
      return true;
    }
    const nowMs = clock.nowMs();
    const until = new Date(nowMs + 2 * claimMs);
    const claimed = await claimOccurrences(db, { room, now: new Date(nowMs), until });
    for (const occurrence of claimed) {
      const work = submit(occurrence).finally(() => underWay.delete(work));
      underWay.add(work);
    }
    return claimed.length === room;
  }

  return {
    doSome,
    /** Resolves when nothing is under way any more. */
    whenIdle: async () => void (await Promise.all(underWay)),
  };
}
