import { takeBackIdOf, takeBackTransactionOf } from './domain/derived-ids.ts';
import { dueBack } from './domain/reward-amount.ts';
import type { Queries } from './sql/queries.ts';
import { rewardsOfTrigger } from './sql/rewards.ts';
import { dropPoints } from './sql/streaks.ts';
import { insertTakeBack, remainingOf, takenOrDue } from './sql/take-backs.ts';

/**
 * Plans what has to be taken back of the rewards of a payment, as far as it has gone back by now.
 * Planned again, it plans nothing more. Whoever calls it holds the lock of the payment.
 * @returns whether anything is due
 */
export async function planTakeBacks(tx: Queries, triggerId: string, now: Date): Promise<boolean> {
  const remaining = await remainingOf(tx, triggerId);
  if (remaining === null) return false;
  if (remaining === 0n) await dropPoints(tx, triggerId);
  let isDue = false;
  for (const { id: rewardId, amount, triggerAmount } of await rewardsOfTrigger(tx, triggerId)) {
    const due = dueBack(amount, triggerAmount, remaining) - (await takenOrDue(tx, rewardId));
    if (due <= 0n) continue;
    const reversedTotal = triggerAmount - remaining;
    const id = takeBackIdOf(rewardId, reversedTotal);
    const transactionId = takeBackTransactionOf(id, 1);
    await insertTakeBack(tx, { id, rewardId, reversedTotal, amount: due, transactionId }, now);
    isDue = true;
  }
  return isDue;
}
