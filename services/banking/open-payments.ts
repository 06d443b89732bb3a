import { partitionOf, type LedgerEvent } from '@florin/contracts';
import { TerminalError, type Clock } from '@florin/kernel';
import type { PaymentStore } from './adapters/payment-store.ts';
import { openPayment } from './domain/open-payment.ts';
import type { Payment } from './domain/payment.ts';
import type { PaymentPolicy } from './domain/policy.ts';

export interface OpenPaymentsDeps {
  store: Pick<PaymentStore, 'open'>;
  policy: PaymentPolicy;
  isBank: (name: string) => boolean;
  partitions: number;
  clock: Pick<Clock, 'nowMs'>;
  /** New payments are stored: work can begin. */
  wake(): void;
}

/**
 * Opens a payment for each pending deposit and each held withdrawal that a batch of ledger events
 * tells of. When it resolves they are stored, so the events may be acknowledged; events that come
 * again open nothing new.
 * @throws TerminalError for an event from another partition than its wallet's
 */
export function createOpenPayments(deps: OpenPaymentsDeps) {
  const { store, policy, isBank, partitions, clock, wake } = deps;

  function paymentOf(event: LedgerEvent): Payment | undefined {
    if (!('transaction' in event.data)) return undefined;
    const { transaction, partition } = event.data;
    if (partitionOf(transaction.walletId, partitions) !== partition) {
      throw new TerminalError(`event ${event.id} is not from its wallet's partition`);
    }
    const { traceparent = null } = event;
    return openPayment(transaction, { nowMs: clock.nowMs(), policy, isBank, traceparent });
  }

  return async function openPayments(events: readonly LedgerEvent[]): Promise<void> {
    const payments = events.map(paymentOf).filter((payment) => payment !== undefined);
    if (payments.length === 0) return;
    const opened = await store.open(payments);
    if (opened > 0) wake();
  };
}
