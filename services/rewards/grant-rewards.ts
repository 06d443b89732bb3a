import type { RewardKind, RewardTerms, Transaction } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { FindOwners } from '@florin/messaging';
import type { Database } from '@florin/postgres';
import type { FindWallet } from './adapters/find-wallet.ts';
import { rewardIdOf } from './domain/derived-ids.ts';
import { occasionOf, type Occasion } from './domain/occasion.ts';
import { isMeant, rewardAmount } from './domain/reward-amount.ts';
import { dayOf, daysInARow, pointsOf } from './domain/streak.ts';
import { planTakeBacks } from './plan-take-backs.ts';
import { lockTrigger } from './sql/lock-trigger.ts';
import { noteDeposit, referrerOf } from './sql/people.ts';
import type { Queries } from './sql/queries.ts';
import { insertReward, rewardExists, rewardsOfPerson } from './sql/rewards.ts';
import { commitBudget, lockRule, rulesThatPay, type RuleRow } from './sql/rules.ts';
import { daysBefore, insertDay, pointsOfPerson } from './sql/streaks.ts';

export interface GrantDeps {
  db: Database['slonik'];
  findOwners: FindOwners;
  findWallet: FindWallet;
  clock: Clock;
  /** Something is to be paid. */
  onDue(): void;
  /** A reward was refused, for a reason. */
  onDeclined(kind: RewardKind, reason: string): void;
}

/** Who gets the reward of a rule, and into which wallet: into none where they have none. */
interface Candidate {
  rule: RuleRow;
  userId: string;
  walletId: string | undefined;
}

type Declined = { kind: RewardKind; reason: string };

const isValidAt = ({ validFrom, validUntil }: RuleRow, atMs: number): boolean =>
  validFrom.getTime() <= atMs && atMs < validUntil.getTime();

const walletsOf = ({ walletId, counterpartyWalletId }: Transaction): string[] =>
  counterpartyWalletId === undefined ? [walletId] : [walletId, counterpartyWalletId];

const timeOf = ({ completedAt, createdAt }: Transaction): number =>
  Date.parse(completedAt ?? createdAt);

/**
 * Decides, once and for all, what completed transactions earn. The reward, its part of the budget
 * and everything it was decided from are written together: told of the same transaction again, or
 * killed at any point, nothing is granted twice.
 * @returns a function that throws RetryableError while a neighbour is away
 */
export function createGrantRewards(deps: GrantDeps) {
  const { db, findOwners, findWallet, clock } = deps;

  async function candidateOf(rule: RuleRow, occasion: Occasion): Promise<Candidate | undefined> {
    const { personId: userId, walletId } = occasion;
    if (rule.terms.kind !== 'referral') return { rule, userId, walletId };
    const referrer = await referrerOf(db, userId);
    if (referrer === undefined) return undefined;
    if (rule.terms.beneficiary === 'referred') return { rule, userId, walletId };
    return { rule, userId: referrer, walletId: await findWallet(referrer, rule.currency) };
  }

  async function grantAll(tx: Queries, candidates: readonly Candidate[], occasion: Occasion) {
    const declined: Declined[] = [];
    await lockTrigger(tx, occasion.transactionId);
    const isFirst = occasion.kind === 'deposit' && (await isFirstDeposit(tx, occasion));
    // In the order of their ids: two transactions that meet at two rules wait, and never for ever.
    for (const candidate of candidates) {
      const needsFirst = occasion.kind === 'deposit';
      if (needsFirst && !isFirst) continue;
      const reason = await grant(tx, candidate, occasion, new Date(clock.nowMs()));
      if (reason !== undefined) declined.push({ kind: candidate.rule.terms.kind, reason });
    }
    await planTakeBacks(tx, occasion.transactionId, new Date(clock.nowMs()));
    return declined;
  }

  async function look(occasion: Occasion, rules: readonly RuleRow[]): Promise<void> {
    const meant = rules.filter(
      (rule) =>
        rule.currency === occasion.currency &&
        isValidAt(rule, occasion.atMs) &&
        isMeant(rule.terms, occasion),
    );
    if (meant.length === 0 && occasion.kind === 'payment') return;
    const found = await Promise.all(meant.map((rule) => candidateOf(rule, occasion)));
    const candidates = found.filter((one) => one !== undefined);
    const declined = await db.transaction((tx) => grantAll(tx, candidates, occasion));
    for (const { kind, reason } of declined) deps.onDeclined(kind, reason);
    if (candidates.length > 0) deps.onDue();
  }

  return async (transactions: readonly Transaction[]): Promise<void> => {
    if (transactions.length === 0) return;
    const times = transactions.map(timeOf);
    const [from, to] = [Math.min(...times), Math.max(...times)].map((ms) => new Date(ms));
    const rules = await rulesThatPay(db, from as Date, to as Date);
    // Deposits are noted without any rule, too: a later rule wants to know which was the first.
    const looked = transactions.filter(({ type }) => rules.length > 0 || type === 'deposit');
    const owners = await findOwners(looked.flatMap(walletsOf));
    for (const transaction of looked) {
      const occasion = occasionOf(transaction, (walletId) => owners.get(walletId));
      if (occasion !== undefined) await look(occasion, rules);
    }
  };
}

export type GrantRewards = ReturnType<typeof createGrantRewards>;

const isFirstDeposit = async (tx: Queries, { personId, transactionId }: Occasion) =>
  (await noteDeposit(tx, personId, transactionId)) === transactionId;

/** Grants one reward under the lock of its rule; answers why not where that is worth telling. */
async function grant(
  tx: Queries,
  { rule: { id: ruleId }, userId, walletId }: Candidate,
  { transactionId: triggerId, amount: triggerAmount, currency, atMs }: Occasion,
  now: Date,
): Promise<string | undefined> {
  const rule = await lockRule(tx, ruleId);
  if (rule === null || rule.status !== 'active' || !isValidAt(rule, atMs)) return undefined;
  if (await rewardExists(tx, ruleId, triggerId)) return undefined;
  const { terms } = rule;
  const amount = rewardAmount(terms, triggerAmount);
  if (amount === 0n) return undefined;
  if (terms.kind === 'streak') {
    const isEarned = await earnPoints(tx, ruleId, terms, { userId, triggerId, atMs });
    if (!isEarned) return undefined;
  }
  const declined =
    walletId === undefined ? 'no-wallet' : await budgetRefusal(tx, rule, userId, amount);
  const id = rewardIdOf(ruleId, triggerId);
  const reward = { id, ruleId, triggerId, triggerAmount, userId, walletId, amount, currency };
  await insertReward(tx, reward, declined, now);
  if (declined === undefined) await commitBudget(tx, ruleId, amount);
  return declined;
}

async function budgetRefusal(
  tx: Queries,
  { id, budget, committed, perPersonMax }: RuleRow,
  userId: string,
  amount: bigint,
): Promise<string | undefined> {
  if (committed + amount > budget) return 'budget-exhausted';
  if (perPersonMax === null) return undefined;
  const { total } = await rewardsOfPerson(tx, id, userId);
  return total + amount > perPersonMax ? 'person-limit' : undefined;
}

/** Adds the points of the day, and answers whether they are enough for one more reward. */
async function earnPoints(
  tx: Queries,
  ruleId: string,
  terms: Extract<RewardTerms, { kind: 'streak' }>,
  { userId, triggerId, atMs }: { userId: string; triggerId: string; atMs: number },
): Promise<boolean> {
  const day = dayOf(atMs);
  const days = daysInARow(day, await daysBefore(tx, ruleId, userId, day));
  const points = pointsOf(terms, days);
  const isNew = await insertDay(tx, { ruleId, userId, day, transactionId: triggerId, points });
  if (!isNew) return false;
  const { points: earned } = await pointsOfPerson(tx, ruleId, userId);
  const { count } = await rewardsOfPerson(tx, ruleId, userId);
  return earned >= (count + 1) * terms.pointsPerReward;
}
