import {
  currency,
  rewardTerms,
  RULE_STATUSES,
  type NewRewardRule,
  type RewardRule,
} from '@florin/contracts';
import { placeOf, sql, type PagePosition } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const row = z.object({
  id: z.string(),
  name: z.string(),
  currency,
  terms: rewardTerms,
  status: z.enum(RULE_STATUSES),
  validFrom: z.date(),
  validUntil: z.date(),
  budget: z.bigint(),
  committed: z.bigint(),
  perPersonMax: z.bigint().nullable(),
  createdBy: z.string(),
  createdAt: z.date(),
});
export type RuleRow = z.infer<typeof row>;

const columns = sql.fragment`
  id, name, currency, terms, status, valid_from AS "validFrom", valid_until AS "validUntil",
  budget, committed, per_person_max AS "perPersonMax", created_by AS "createdBy",
  created_at AS "createdAt"`;

export const ruleView = ({ perPersonMax, ...rule }: RuleRow): RewardRule => ({
  ...rule,
  validFrom: rule.validFrom.toISOString(),
  validUntil: rule.validUntil.toISOString(),
  budget: String(rule.budget),
  committed: String(rule.committed),
  ...(perPersonMax !== null && { perPersonMax: String(perPersonMax) }),
  createdAt: rule.createdAt.toISOString(),
});

/** Adds a rule; null when its id is taken. */
export const insertRule = (
  db: Queries,
  rule: NewRewardRule & { validFrom: string },
  now: Date,
): Promise<RuleRow | null> =>
  db.maybeOne(sql.type(row)`
    INSERT INTO rules (id, name, kind, currency, terms, status, valid_from, valid_until, budget,
                       per_person_max, created_by, created_at)
    VALUES (${rule.id}, ${rule.name}, ${rule.terms.kind}, ${rule.currency},
            ${sql.jsonb(rule.terms)}, 'active', ${rule.validFrom}::timestamptz,
            ${rule.validUntil}::timestamptz, ${rule.budget}::bigint,
            ${rule.perPersonMax ?? null}::bigint, ${rule.createdBy}, ${sql.timestamp(now)})
    ON CONFLICT (id) DO NOTHING RETURNING ${columns}`);

export const findRule = (db: Queries, id: string): Promise<RuleRow | null> =>
  db.maybeOne(sql.type(row)`SELECT ${columns} FROM rules WHERE id = ${id}`);

/** Keeps everybody else from spending of its budget until the database transaction ends. */
export const lockRule = (db: Queries, id: string): Promise<RuleRow | null> =>
  db.maybeOne(sql.type(row)`
    SELECT ${columns} FROM rules WHERE id = ${id} FOR NO KEY UPDATE`);

export const listRules = (
  db: Queries,
  before: PagePosition | undefined,
  limit: number,
): Promise<readonly RuleRow[]> =>
  db.any(sql.type(row)`
    SELECT ${columns} FROM rules WHERE (created_at, id) < ${placeOf(before)}
     ORDER BY created_at DESC, id DESC LIMIT ${limit}`);

/** The rules that may pay for something that happened between two times. */
export const rulesThatPay = (db: Queries, from: Date, to: Date): Promise<readonly RuleRow[]> =>
  db.any(sql.type(row)`
    SELECT ${columns} FROM rules
     WHERE status = 'active' AND valid_from <= ${sql.timestamp(to)}
       AND valid_until > ${sql.timestamp(from)}
     ORDER BY id`);

export interface RuleChange {
  name?: string | undefined;
  status?: RewardRule['status'] | undefined;
  validUntil?: string | undefined;
  budget?: string | undefined;
}

/** Changes a locked rule. */
export const changeRule = (db: Queries, id: string, change: RuleChange): Promise<RuleRow> =>
  db.one(sql.type(row)`
    UPDATE rules
       SET name = coalesce(${change.name ?? null}, name),
           status = coalesce(${change.status ?? null}, status),
           valid_until = coalesce(${change.validUntil ?? null}::timestamptz, valid_until),
           budget = coalesce(${change.budget ?? null}::bigint, budget)
     WHERE id = ${id} RETURNING ${columns}`);

/** Takes an amount from a rule's budget, or gives it back when it is negative. */
export const commitBudget = (db: Queries, id: string, amount: bigint) =>
  db.query(sql.type(z.object({}))`
    UPDATE rules SET committed = committed + ${String(amount)}::bigint WHERE id = ${id}`);
