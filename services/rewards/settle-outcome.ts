import type { RewardKind, Transaction } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import { takeBackTransactionOf } from './domain/derived-ids.ts';
import { takeBackPauseMs } from './domain/take-back-refusal.ts';
import { settleReward } from './sql/rewards.ts';
import { commitBudget } from './sql/rules.ts';
import {
  addTakenBack,
  finishTakeBack,
  giveUpTakeBack,
  lockAttempt,
  planAttempt,
  voidTakeBacks,
} from './sql/take-backs.ts';

interface SettleDeps {
  db: Database['slonik'];
  clock: Clock;
  takeBackPausesMs: readonly number[];
  /** A reward has ended: paid, or why not. */
  onSettled(kind: RewardKind, outcome: string): void;
  onTakenBack(outcome: 'done' | 'owed'): void;
  /** Something may be due that was not before. */
  onDue(): void;
  random?: () => number;
}

/**
 * Writes down what the ledger made of an order of ours, whether it was told or asked for. The same
 * outcome again changes nothing, that of somebody else's order neither.
 */
export function createSettleOutcome(deps: SettleDeps) {
  const { db, clock, random = Math.random } = deps;
  const now = (): Date => new Date(clock.nowMs());

  async function paid(id: string): Promise<void> {
    const reward = await settleReward(db, id, 'paid', null, now());
    if (reward === null) return;
    deps.onSettled(reward.kind, 'paid');
    deps.onDue();
  }

  /** Nothing was paid: its part of the budget is free again. */
  async function notPaid(id: string, state: 'failed' | 'declined', reason: string): Promise<void> {
    const ended = await db.transaction(async (tx) => {
      const reward = await settleReward(tx, id, state, reason, now());
      if (reward === null) return null;
      await commitBudget(tx, reward.ruleId, -reward.amount);
      await voidTakeBacks(tx, id);
      return reward;
    });
    if (ended !== null) deps.onSettled(ended.kind, reason);
  }

  async function takenBack(transactionId: string): Promise<void> {
    const done = await db.transaction(async (tx) => {
      const one = await finishTakeBack(tx, transactionId);
      if (one === null) return false;
      await addTakenBack(tx, one.rewardId, one.amount);
      await commitBudget(tx, one.ruleId, -one.amount);
      return true;
    });
    if (done) deps.onTakenBack('done');
  }

  async function notTakenBack(transactionId: string, code: string): Promise<void> {
    const isOver = await db.transaction(async (tx) => {
      const attempt = await lockAttempt(tx, transactionId);
      if (attempt === null) return false;
      const { id } = attempt;
      const attempts = attempt.attempts + 1;
      const pauseMs = takeBackPauseMs(code, attempts, deps.takeBackPausesMs, random());
      if (pauseMs === undefined) {
        await giveUpTakeBack(tx, id, code);
        return true;
      }
      const next = takeBackTransactionOf(id, attempts + 1);
      const dueAt = new Date(clock.nowMs() + pauseMs);
      await planAttempt(tx, id, { transactionId: next, attempts, dueAt, reason: code });
      return false;
    });
    if (isOver) deps.onTakenBack('owed');
  }

  return {
    /** @param transaction final: completed, reversed since, or failed */
    async hear({ id, type, status, failure }: Transaction): Promise<void> {
      const code = failure?.code ?? 'unknown';
      if (type === 'reward') await (status === 'failed' ? notPaid(id, 'failed', code) : paid(id));
      if (type === 'reversal') await (status === 'failed' ? notTakenBack(id, code) : takenBack(id));
    },
    /** Nothing was even asked of the ledger. */
    decline: (id: string, reason: string): Promise<void> => notPaid(id, 'declined', reason),
  };
}

export type SettleOutcome = ReturnType<typeof createSettleOutcome>;
