import { createEnvelope, laneSubject, LANE_TYPES, partitionOf } from '@florin/contracts';
import { RetryableError, type Clock } from '@florin/kernel';
import type { Publisher } from '@florin/messaging';
import { currentTraceparent } from '@florin/runtime';
import type { Answer } from './domain/apply-answer.ts';
import type { Payment } from './domain/payment.ts';
import { settlementIdOf, settlementOf } from './domain/settlement-of.ts';

export interface AnnounceOutcomeDeps {
  publisher: Pick<Publisher, 'publish'>;
  partitions: number;
  source: string;
  clock: Pick<Clock, 'nowMs'>;
}

/**
 * Puts a payment's outcome into its wallet's lane. Its id follows from the transaction, so the
 * stream drops a repetition that comes soon and the ledger one that comes late.
 */
export function createAnnounceOutcome(deps: AnnounceOutcomeDeps) {
  const { publisher, partitions, source, clock } = deps;
  return async function announceOutcome(payment: Payment): Promise<Answer> {
    const { walletId: wallet, transactionId } = payment;
    const id = settlementIdOf(transactionId);
    const type = LANE_TYPES.settleTransaction;
    const partition = partitionOf(wallet, partitions);
    const time = new Date(clock.nowMs()).toISOString();
    const data = settlementOf(payment);
    const traceparent = currentTraceparent();
    const fields = { id, source, wallet, time, data, causationId: transactionId, traceparent };
    const body = JSON.stringify([createEnvelope(type, fields)]);
    const subject = laneSubject('ready', partition, wallet);
    try {
      await publisher.publish({ subject, body, id, type, wallet, partition });
      return { type: 'announced' };
    } catch (error) {
      if (error instanceof RetryableError) return { type: 'unreachable' };
      throw error;
    }
  };
}
