import type { Clock } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import { occurrenceTransactionId } from './domain/payment-order.ts';
import { planDue } from './domain/plan-due.ts';
import { insertOccurrences } from './sql/occurrences.ts';
import type { Queries } from './sql/queries.ts';
import { saveProgress, takeDueSchedules, type ScheduleRow } from './sql/schedules.ts';
import type { CountOccurrence } from './settle-occurrences.ts';

const AT_ONCE = 50;

interface PlanDeps {
  db: Database['slonik'];
  clock: Clock;
  /** What is later than that counts as missed. */
  lateAfterMs: number;
  count: CountOccurrence;
}

/**
 * Writes down the occurrences whose time has come, and where each plan goes on: one database
 * transaction, so each is there once, whoever dies when.
 * @returns a function that answers whether anything was due
 */
export function createPlanOccurrences({ db, clock, lateAfterMs, count }: PlanDeps) {
  async function plan(tx: Queries, schedule: ScheduleRow, nowMs: number): Promise<void> {
    const { id, rule, onMissed, nextNumber, nextAt } = schedule;
    if (nextNumber === null || nextAt === null) return;
    const from = { rule, onMissed, next: { number: nextNumber, atMs: nextAt.getTime() } };
    const { occurrences, next } = planDue(from, { nowMs, lateAfterMs });
    const rows = occurrences.map(({ number, atMs: plannedForMs, status }) => {
      const first = { number, plannedForMs, attempt: 1 };
      return { number, plannedForMs, status, transactionId: occurrenceTransactionId(id, first) };
    });
    await insertOccurrences(tx, schedule, rows);
    await saveProgress(tx, id, { status: next === undefined ? 'finished' : 'active', next });
    for (const { status } of rows) if (status === 'missed') count('missed');
  }

  return (): Promise<boolean> =>
    db.transaction(async (tx) => {
      const nowMs = clock.nowMs();
      const due = await takeDueSchedules(tx, new Date(nowMs), AT_ONCE);
      for (const schedule of due) await plan(tx, schedule, nowMs);
      return due.length > 0;
    });
}
