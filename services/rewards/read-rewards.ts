import { randomInt } from 'node:crypto';
import type { Clock } from '@florin/kernel';
import { pageOfRows, readCursor, type Database } from '@florin/postgres';
import { dayOf, daysInARow } from './domain/streak.ts';
import {
  codeOf,
  countReferred,
  hasDeposited,
  insertReferral,
  ownerOfCode,
  referrerOf,
} from './sql/people.ts';
import { listRewards, rewardsOfPerson, rewardView } from './sql/rewards.ts';
import { ruleView, rulesThatPay, type RuleRow } from './sql/rules.ts';
import { daysBefore, pointsOfPerson } from './sql/streaks.ts';
import type { UseCase } from './use-case.ts';

/** Without letters and digits that are taken for each other. */
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const CODE_LENGTH = 10;

const freshCode = (): string =>
  Array.from({ length: CODE_LENGTH }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join(
    '',
  );

/** What people see of their rewards, and what they do for one: bring somebody here. */
export function createRewardUseCases({ db, clock }: { db: Database['slonik']; clock: Clock }) {
  const now = (): Date => new Date(clock.nowMs());

  async function streakOf({ id, terms }: RuleRow, userId: string) {
    if (terms.kind !== 'streak') return {};
    const { points, lastDay } = await pointsOfPerson(db, id, userId);
    if (lastDay === null) return { streak: { days: 0, points: 0 } };
    const { count } = await rewardsOfPerson(db, id, userId);
    const isOver = lastDay < dayOf(clock.nowMs() - 86_400_000);
    const days = isOver ? 0 : daysInARow(lastDay, await daysBefore(db, id, userId, lastDay));
    return { streak: { days, points: Math.max(0, points - count * terms.pointsPerReward) } };
  }

  const list: UseCase<'listRewards'> = async ({ cursor, limit, ...query }) =>
    pageOfRows(await listRewards(db, query, readCursor(cursor), limit + 1), limit, rewardView);

  const offers: UseCase<'listOffers'> = async ({ userId }) => {
    const rules = await rulesThatPay(db, now(), now());
    const left = rules.filter(({ committed, budget }) => committed < budget);
    const items = left.map(async (rule) => {
      const { id, name, currency, terms, validUntil } = ruleView(rule);
      return { id, name, currency, terms, validUntil, ...(await streakOf(rule, userId)) };
    });
    return { items: await Promise.all(items) };
  };

  const getReferral: UseCase<'getReferral'> = async ({ userId }) => ({
    code: await codeOf(db, userId, freshCode(), now()),
    wasReferred: (await referrerOf(db, userId)) !== undefined,
    referredCount: await countReferred(db, userId),
  });

  const claimReferral: UseCase<'claimReferral'> = async ({ userId, code }) => {
    const referrer = await ownerOfCode(db, code.toUpperCase());
    if (referrer === undefined) return { refused: 'unknown-code' };
    if (referrer === userId) return { refused: 'own-code' };
    if (await hasDeposited(db, userId)) return { refused: 'too-late' };
    const isNew = await insertReferral(db, userId, referrer, now());
    return isNew ? { claimed: true } : { refused: 'already' };
  };

  return { listRewards: list, listOffers: offers, getReferral, claimReferral };
}
