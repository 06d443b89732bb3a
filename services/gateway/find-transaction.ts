import type { Transaction } from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import type { Ledger } from './adapters/ledger.ts';
import type { SubmissionStore } from './adapters/submission-store.ts';
import { pendingTransactionOf } from './domain/order.ts';

interface FindDeps {
  ledger: Pick<Ledger, 'getTransaction'>;
  submissions: Pick<SubmissionStore, 'find'>;
}

/**
 * A transaction as the ledger knows it, else as it was promised: what was answered with 202 is
 * never unknown, not even while the ledger is away.
 * @throws RetryableError when the ledger is away and nothing was promised
 */
export function createFindTransaction({ ledger, submissions }: FindDeps) {
  return async (id: string): Promise<Transaction | undefined> => {
    let away: RetryableError | undefined;
    try {
      const { transaction } = await ledger.getTransaction({ id });
      if (transaction !== null) return transaction;
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      away = error;
    }
    const promised = await submissions.find(id);
    if (promised !== undefined) return pendingTransactionOf(promised.order, promised.createdAt);
    if (away !== undefined) throw away;
    return undefined;
  };
}

export type FindTransaction = ReturnType<typeof createFindTransaction>;
