import type { OccurrenceStatus, OnRefusal, RefusalCode, Transaction } from '@florin/contracts';

/** What another try may find otherwise. All else is refused for good. */
const MAY_PASS_LATER: ReadonlySet<RefusalCode> = new Set([
  'insufficient-funds',
  'limit-exceeded',
  'wallet-frozen',
]);

export interface OpenOccurrence {
  status: OccurrenceStatus;
  attempt: number;
  /** Of this attempt. */
  transactionId: string;
}

export type Settled =
  | { status: 'completed' | 'held' | 'refused' }
  /** Tried again, as another transaction, from then on. */
  | { status: 'due'; attempt: number; dueAtMs: number };

const isOpen = (status: OccurrenceStatus): boolean => status === 'submitted' || status === 'held';

/**
 * What an occurrence becomes by what the ledger says about its transaction; undefined when that
 * changes nothing, because it was heard before or an earlier attempt is meant.
 */
export function afterOutcome(
  occurrence: OpenOccurrence,
  transaction: Pick<Transaction, 'id' | 'status' | 'failure'>,
  policy: OnRefusal & { nowMs: number },
): Settled | undefined {
  if (occurrence.transactionId !== transaction.id || !isOpen(occurrence.status)) return undefined;
  switch (transaction.status) {
    case 'pending':
      return undefined;
    case 'held':
      return occurrence.status === 'held' ? undefined : { status: 'held' };
    case 'completed':
    case 'reversed':
      return { status: 'completed' };
    case 'failed': {
      const { failure } = transaction;
      const again = failure !== undefined && MAY_PASS_LATER.has(failure.code);
      if (!again || occurrence.attempt > policy.retries) return { status: 'refused' };
      const dueAtMs = policy.nowMs + policy.everySeconds * 1000;
      return { status: 'due', attempt: occurrence.attempt + 1, dueAtMs };
    }
  }
}
