import type { Transaction } from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import type { Answer } from './domain/apply-answer.ts';
import type { Payment } from './domain/payment.ts';

export interface ConfirmOutcomeDeps {
  /** Null when the ledger has no such transaction. @throws RetryableError while it is away */
  readTransaction(id: string): Promise<Transaction | null>;
  log: Logger;
}

/**
 * Asks the ledger whether an outcome has reached it. A stream can lose what it has acknowledged, so
 * only the ledger's own word ends a payment.
 */
export function createConfirmOutcome({ readTransaction, log }: ConfirmOutcomeDeps) {
  return async function confirmOutcome(payment: Payment): Promise<Answer> {
    const { transactionId, state } = payment;
    try {
      const transaction = await readTransaction(transactionId);
      if (transaction === null) {
        log.error(
          { transactionId, state },
          'the ledger does not know a transaction it had told of',
        );
        return { type: 'unconfirmed' };
      }
      const { status } = transaction;
      if (status === 'pending' || status === 'held') return { type: 'unconfirmed' };
      if ((status === 'failed') === (state === 'settled')) {
        log.error({ transactionId, state, status }, 'bank and ledger ended a payment differently');
      }
      return { type: 'confirmed' };
    } catch (error) {
      if (error instanceof RetryableError) return { type: 'unreachable' };
      throw error;
    }
  };
}
