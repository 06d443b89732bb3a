import { currency, REWARD_KINDS, type Reward } from '@florin/contracts';
import { placeOf, sql, type PagePosition } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const STATES = ['due', 'sent', 'paid', 'failed', 'declined'] as const;
export type RewardState = (typeof STATES)[number];

export interface NewReward {
  id: string;
  ruleId: string;
  triggerId: string;
  triggerAmount: bigint;
  userId: string;
  walletId: string | undefined;
  amount: bigint;
  currency: string;
}

const nothing = z.object({});

/** Adds a reward that is due, or declined for a reason; false when it had been decided before. */
export async function insertReward(
  db: Queries,
  reward: NewReward,
  declined: string | undefined,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query(sql.type(nothing)`
    INSERT INTO rewards (id, rule_id, trigger_id, trigger_amount, user_id, wallet_id, amount,
                         currency, state, reason, due_at, created_at)
    VALUES (${reward.id}, ${reward.ruleId}, ${reward.triggerId},
            ${String(reward.triggerAmount)}::bigint, ${reward.userId}, ${reward.walletId ?? null},
            ${String(reward.amount)}::bigint, ${reward.currency},
            ${declined === undefined ? 'due' : 'declined'}, ${declined ?? null},
            ${sql.timestamp(now)}, ${sql.timestamp(now)})
    ON CONFLICT (rule_id, trigger_id) DO NOTHING`);
  return rowCount === 1;
}

export const rewardExists = (db: Queries, ruleId: string, triggerId: string): Promise<boolean> =>
  db.exists(sql.unsafe`
    SELECT FROM rewards WHERE rule_id = ${ruleId} AND trigger_id = ${triggerId}`);

/** What a rule has paid a person, or will: how much, and how often. */
export const rewardsOfPerson = (db: Queries, ruleId: string, userId: string) =>
  db.one(sql.type(z.object({ total: z.bigint(), count: z.number() }))`
    SELECT coalesce(sum(amount - taken_back), 0)::bigint AS total, count(*)::int AS count
      FROM rewards
     WHERE rule_id = ${ruleId} AND user_id = ${userId} AND state IN ('due', 'sent', 'paid')`);

const claimed = z.object({
  id: z.string(),
  ruleId: z.string(),
  triggerId: z.string(),
  ruleName: z.string(),
  walletId: z.string(),
  amount: z.bigint(),
  currency,
  attempts: z.number(),
});
export type ClaimedReward = z.infer<typeof claimed>;

/**
 * Takes up rewards that are due. They are due again at `until` unless they are settled by then:
 * what became of them is asked for then.
 */
export const claimRewards = (db: Queries, now: Date, until: Date, room: number) =>
  db.any(sql.type(claimed)`
    UPDATE rewards r
       SET state = 'sent', attempts = r.attempts + 1, due_at = ${sql.timestamp(until)}
      FROM (SELECT id FROM rewards
             WHERE state IN ('due', 'sent') AND due_at <= ${sql.timestamp(now)}
             ORDER BY due_at LIMIT ${room} FOR UPDATE SKIP LOCKED) picked, rules u
     WHERE r.id = picked.id AND u.id = r.rule_id
    RETURNING r.id, r.rule_id AS "ruleId", r.trigger_id AS "triggerId", u.name AS "ruleName",
              r.wallet_id AS "walletId", r.amount, r.currency, r.attempts`);

const settled = z.object({
  ruleId: z.string(),
  userId: z.string(),
  amount: z.bigint(),
  kind: z.enum(REWARD_KINDS),
});

/** Ends a reward; null when it had ended before, or is none of ours. */
export const settleReward = (
  db: Queries,
  id: string,
  state: 'paid' | 'failed' | 'declined',
  reason: string | null,
  now: Date,
): Promise<z.infer<typeof settled> | null> =>
  db.maybeOne(sql.type(settled)`
    UPDATE rewards r SET state = ${state}, reason = ${reason}, settled_at = ${sql.timestamp(now)}
      FROM rules u
     WHERE r.id = ${id} AND r.state IN ('due', 'sent') AND u.id = r.rule_id
    RETURNING r.rule_id AS "ruleId", r.user_id AS "userId", r.amount, u.kind`);

const earned = z.object({ id: z.string(), amount: z.bigint(), triggerAmount: z.bigint() });

/** The rewards of a transaction that were paid, or may be yet. */
export const rewardsOfTrigger = (db: Queries, triggerId: string) =>
  db.any(sql.type(earned)`
    SELECT id, amount, trigger_amount AS "triggerAmount" FROM rewards
     WHERE trigger_id = ${triggerId} AND state IN ('due', 'sent', 'paid') ORDER BY id`);

const viewed = z.object({
  id: z.string(),
  ruleId: z.string(),
  ruleName: z.string(),
  kind: z.enum(REWARD_KINDS),
  userId: z.string(),
  state: z.enum(STATES),
  reason: z.string().nullable(),
  amount: z.bigint(),
  currency,
  takenBack: z.bigint(),
  walletId: z.string().nullable(),
  rewardedTransactionId: z.string(),
  createdAt: z.date(),
});

function statusOf({ state, amount, takenBack }: z.infer<typeof viewed>): Reward['status'] {
  if (state === 'due' || state === 'sent') return 'pending';
  return state === 'paid' && takenBack === amount ? 'taken-back' : state;
}

export function rewardView(row: z.infer<typeof viewed>): Reward {
  const { state: _, reason, takenBack, walletId, ...reward } = row;
  return {
    ...reward,
    status: statusOf(row),
    ...(reason !== null && { reason }),
    amount: String(row.amount),
    ...(takenBack > 0n && { takenBackAmount: String(takenBack) }),
    ...(walletId !== null && { walletId }),
    createdAt: row.createdAt.toISOString(),
  };
}

/** Newest first. People are shown what is theirs or will be, not what was refused. */
export const listRewards = (
  db: Queries,
  query: { userId?: string | undefined; ruleId?: string | undefined },
  before: PagePosition | undefined,
  limit: number,
) =>
  db.any(sql.type(viewed)`
    SELECT r.id, r.rule_id AS "ruleId", u.name AS "ruleName", u.kind, r.user_id AS "userId",
           r.state, r.reason, r.amount, r.currency, r.taken_back AS "takenBack",
           r.wallet_id AS "walletId", r.trigger_id AS "rewardedTransactionId",
           r.created_at AS "createdAt"
      FROM rewards r JOIN rules u ON u.id = r.rule_id
     WHERE (${query.userId ?? null}::uuid IS NULL OR
            (r.user_id = ${query.userId ?? null}::uuid AND r.state IN ('due', 'sent', 'paid')))
       AND (${query.ruleId ?? null}::uuid IS NULL OR r.rule_id = ${query.ruleId ?? null}::uuid)
       AND (r.created_at, r.id) < ${placeOf(before)}
     ORDER BY r.created_at DESC, r.id DESC LIMIT ${limit}`);
