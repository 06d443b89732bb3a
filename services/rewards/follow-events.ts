import type { LedgerEvent, Transaction } from '@florin/contracts';
import { RetryableError, type Clock } from '@florin/kernel';
import { isTransient, type Database } from '@florin/postgres';
import { rewardableOf } from './domain/occasion.ts';
import type { GrantRewards } from './grant-rewards.ts';
import { planTakeBacks } from './plan-take-backs.ts';
import type { SettleOutcome } from './settle-outcome.ts';
import { lockTrigger } from './sql/lock-trigger.ts';
import { noteReversal } from './sql/take-backs.ts';

interface FollowDeps {
  db: Database['slonik'];
  clock: Clock;
  grantRewards: GrantRewards;
  settle: Pick<SettleOutcome, 'hear'>;
  onDue(): void;
}

const ENDS: readonly LedgerEvent['type'][] = [
  'florin.transaction-completed.v1',
  'florin.transaction-failed.v1',
];

const endedOf = (event: LedgerEvent): Transaction | undefined =>
  'transaction' in event.data && ENDS.includes(event.type) ? event.data.transaction : undefined;

/**
 * Takes in what the ledger tells, at least once and in any order: what was earned, what became of
 * our own orders, and what went back.
 * @returns a function that throws RetryableError while a neighbour is away
 */
export function createFollowEvents({ db, clock, grantRewards, settle, onDue }: FollowDeps) {
  async function takeReversal({ relatedTransactionId, remaining }: Transaction): Promise<void> {
    if (relatedTransactionId === undefined || remaining === undefined) return;
    const isDue = await db.transaction(async (tx) => {
      await lockTrigger(tx, relatedTransactionId);
      await noteReversal(tx, relatedTransactionId, BigInt(remaining));
      return planTakeBacks(tx, relatedTransactionId, new Date(clock.nowMs()));
    });
    if (isDue) onDue();
  }

  async function take(events: readonly LedgerEvent[]): Promise<void> {
    for (const transaction of events.flatMap((event) => endedOf(event) ?? [])) {
      const { type, status } = transaction;
      if (type === 'reward' || type === 'reversal') await settle.hear(transaction);
      if (type === 'reversal' && status !== 'failed') await takeReversal(transaction);
    }
    await grantRewards(events.flatMap((event) => rewardableOf(event) ?? []));
  }

  return async (events: readonly LedgerEvent[]): Promise<void> => {
    try {
      await take(events);
    } catch (error) {
      if (!isTransient(error)) throw error;
      throw new RetryableError('rewards can not be stored now', { cause: error });
    }
  };
}
