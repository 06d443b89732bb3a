import type { Transaction } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import type { Metrics } from '@florin/runtime';
import { announce } from './announce.ts';
import { afterOutcome, type Settled } from './domain/after-outcome.ts';
import { occurrenceTransactionId } from './domain/payment-order.ts';
import { lockOccurrences, saveOccurrence, type OpenOccurrenceRow } from './sql/occurrences.ts';
import type { Queries } from './sql/queries.ts';

export type CountOccurrence = (
  outcome: 'completed' | 'held' | 'refused' | 'retry' | 'missed',
) => void;

export function createCountOccurrence(metrics: Metrics): CountOccurrence {
  const counter = metrics.counter({
    name: 'scheduled_occurrences_total',
    help: 'Occurrences of planned transfers by what became of them; retry: refused for now',
    labelNames: ['outcome'],
  });
  return (outcome) => counter.inc({ outcome });
}

interface SettleDeps {
  db: Database['slonik'];
  clock: Clock;
  count: CountOccurrence;
  /** Somebody is to be told of something. */
  onTold(): void;
}

/**
 * Writes down what the ledger has decided about occurrences. The same again, or from an earlier
 * try, changes nothing.
 * @returns a function that takes transactions, of which some are no occurrences
 */
export function createSettleOccurrences({ db, clock, count, onTold }: SettleDeps) {
  function again(row: OpenOccurrenceRow, settled: Extract<Settled, { status: 'due' }>) {
    const { scheduleId, number, plannedFor } = row;
    const { attempt, dueAtMs } = settled;
    const next = { number, plannedForMs: plannedFor.getTime(), attempt };
    return {
      attempt,
      transactionId: occurrenceTransactionId(scheduleId, next),
      dueAt: new Date(dueAtMs),
    };
  }

  async function tellRefusal(tx: Queries, row: OpenOccurrenceRow, code: string): Promise<void> {
    const about = {
      name: 'scheduled-transfer-failed',
      about: row.scheduleId,
      nowMs: clock.nowMs(),
    } as const;
    await announce(tx, about, {
      scheduledTransferId: row.scheduleId,
      ownerId: row.ownerId,
      occurrence: row.number,
      transactionId: row.transactionId,
      amount: row.amount.toString(),
      currency: row.currency,
      code,
      plannedFor: row.plannedFor.toISOString(),
    });
  }

  async function settle(
    tx: Queries,
    row: OpenOccurrenceRow,
    transaction: Transaction,
  ): Promise<boolean> {
    const nowMs = clock.nowMs();
    const settled = afterOutcome(row, transaction, { ...row, nowMs });
    if (settled === undefined) return false;
    const failed = settled.status === 'refused' || settled.status === 'due';
    const code = transaction.failure?.code ?? 'internal';
    const detail = transaction.failure?.detail;
    await saveOccurrence(tx, {
      scheduleId: row.scheduleId,
      number: row.number,
      status: settled.status,
      ...(settled.status === 'due' && { next: again(row, settled) }),
      ...(failed && {
        failure: {
          attempt: row.attempt,
          transactionId: row.transactionId,
          code,
          ...(detail !== undefined && { detail }),
          at: new Date(nowMs).toISOString(),
        },
      }),
    });
    if (settled.status === 'refused') await tellRefusal(tx, row, code);
    count(settled.status === 'due' ? 'retry' : settled.status);
    return settled.status === 'refused';
  }

  return async (transactions: readonly Transaction[]): Promise<void> => {
    if (transactions.length === 0) return;
    const byId = new Map(transactions.map((transaction) => [transaction.id, transaction]));
    const isTold = await db.transaction(async (tx) => {
      let told = false;
      for (const row of await lockOccurrences(tx, [...byId.keys()])) {
        const transaction = byId.get(row.transactionId);
        if (transaction !== undefined) told = (await settle(tx, row, transaction)) || told;
      }
      return told;
    });
    if (isTold) onTold();
  };
}

export type SettleOccurrences = ReturnType<typeof createSettleOccurrences>;
