import { currency } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const nothing = z.object({});

/** Remembers what is left of a payment that went back; the least that was ever heard counts. */
export const noteReversal = (db: Queries, transactionId: string, remaining: bigint) =>
  db.query(sql.type(nothing)`
    INSERT INTO reversed_payments (transaction_id, remaining)
    VALUES (${transactionId}, ${String(remaining)}::bigint)
    ON CONFLICT (transaction_id)
    DO UPDATE SET remaining = least(reversed_payments.remaining, EXCLUDED.remaining)`);

/** What is left of a payment; null while nothing of it went back. */
export async function remainingOf(db: Queries, transactionId: string): Promise<bigint | null> {
  const found = await db.maybeOne(sql.type(z.object({ remaining: z.bigint() }))`
    SELECT remaining FROM reversed_payments WHERE transaction_id = ${transactionId}`);
  return found?.remaining ?? null;
}

/** All that is to be taken back of a reward, done or not. */
export async function takenOrDue(db: Queries, rewardId: string): Promise<bigint> {
  const { total } = await db.one(sql.type(z.object({ total: z.bigint() }))`
    SELECT coalesce(sum(amount), 0)::bigint AS total FROM take_backs
     WHERE reward_id = ${rewardId}`);
  return total;
}

export interface NewTakeBack {
  id: string;
  rewardId: string;
  reversedTotal: bigint;
  amount: bigint;
  transactionId: string;
}

export const insertTakeBack = (db: Queries, one: NewTakeBack, now: Date) =>
  db.query(sql.type(nothing)`
    INSERT INTO take_backs (id, reward_id, reversed_total, amount, state, transaction_id, due_at,
                            created_at)
    VALUES (${one.id}, ${one.rewardId}, ${String(one.reversedTotal)}::bigint,
            ${String(one.amount)}::bigint, 'due', ${one.transactionId}, ${sql.timestamp(now)},
            ${sql.timestamp(now)})
    ON CONFLICT (reward_id, reversed_total) DO NOTHING`);

const claimed = z.object({
  id: z.string(),
  rewardId: z.string(),
  transactionId: z.string(),
  walletId: z.string(),
  amount: z.bigint(),
  currency,
  /** It was sent before, and nobody has heard what became of it. */
  again: z.boolean(),
});
export type ClaimedTakeBack = z.infer<typeof claimed>;

/** Takes up what is due, of rewards that have been paid: before that there is nothing to take. */
export const claimTakeBacks = (db: Queries, now: Date, until: Date, room: number) =>
  db.any(sql.type(claimed)`
    UPDATE take_backs t
       SET state = 'sent', due_at = ${sql.timestamp(until)}
      FROM (SELECT b.id, b.state FROM take_backs b JOIN rewards r ON r.id = b.reward_id
             WHERE b.state IN ('due', 'sent') AND b.due_at <= ${sql.timestamp(now)}
               AND r.state = 'paid'
             ORDER BY b.due_at LIMIT ${room} FOR UPDATE OF b SKIP LOCKED) picked, rewards r
     WHERE t.id = picked.id AND r.id = t.reward_id
    RETURNING t.id, t.reward_id AS "rewardId", t.transaction_id AS "transactionId",
              r.wallet_id AS "walletId", t.amount, r.currency, picked.state = 'sent' AS again`);

const done = z.object({ rewardId: z.string(), ruleId: z.string(), amount: z.bigint() });

/** Ends a take-back that a transaction carried out; null when it had ended, or is none of ours. */
export const finishTakeBack = (db: Queries, transactionId: string) =>
  db.maybeOne(sql.type(done)`
    UPDATE take_backs t SET state = 'done'
      FROM rewards r
     WHERE t.transaction_id = ${transactionId} AND t.state IN ('due', 'sent') AND r.id = t.reward_id
    RETURNING t.reward_id AS "rewardId", r.rule_id AS "ruleId", t.amount`);

export const addTakenBack = (db: Queries, rewardId: string, amount: bigint) =>
  db.query(sql.type(nothing)`
    UPDATE rewards SET taken_back = taken_back + ${String(amount)}::bigint
     WHERE id = ${rewardId}`);

const refused = z.object({ id: z.string(), attempts: z.number() });

/** Locks the take-back whose attempt a transaction was; null when it is over, or none of ours. */
export const lockAttempt = (db: Queries, transactionId: string) =>
  db.maybeOne(sql.type(refused)`
    SELECT id, attempts FROM take_backs
     WHERE transaction_id = ${transactionId} AND state IN ('due', 'sent') FOR UPDATE`);

/** The next attempt, later, under an id of its own. */
export const planAttempt = (
  db: Queries,
  id: string,
  next: { transactionId: string; attempts: number; dueAt: Date; reason: string },
) =>
  db.query(sql.type(nothing)`
    UPDATE take_backs
       SET state = 'due', transaction_id = ${next.transactionId}, attempts = ${next.attempts},
           due_at = ${sql.timestamp(next.dueAt)}, reason = ${next.reason}
     WHERE id = ${id}`);

/** Nobody tries again: what was paid stays with whoever has it. */
export const giveUpTakeBack = (db: Queries, id: string, reason: string) =>
  db.query(sql.type(nothing)`
    UPDATE take_backs SET state = 'owed', reason = ${reason}, attempts = attempts + 1
     WHERE id = ${id}`);

/** Of a reward that was never paid there is nothing to take back. */
export const voidTakeBacks = (db: Queries, rewardId: string) =>
  db.query(sql.type(nothing)`
    UPDATE take_backs SET state = 'void'
     WHERE reward_id = ${rewardId} AND state IN ('due', 'sent')`);
