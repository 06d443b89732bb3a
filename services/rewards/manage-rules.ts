import { isDeepStrictEqual } from 'node:util';
import type { NewRewardRule } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import { pageOfRows, readCursor, type Database } from '@florin/postgres';
import {
  changeRule,
  findRule,
  insertRule,
  listRules,
  lockRule,
  ruleView,
  type RuleRow,
} from './sql/rules.ts';
import type { UseCase } from './use-case.ts';

/** Whether a stored rule is what somebody asks for again. What changes later is not compared. */
function isOf(rule: RuleRow, asked: NewRewardRule): boolean {
  const { terms, currency, perPersonMax } = ruleView(rule);
  return isDeepStrictEqual(
    { terms, currency, perPersonMax },
    { terms: asked.terms, currency: asked.currency, perPersonMax: asked.perPersonMax },
  );
}

/** What operators do with the rules. */
export function createRuleUseCases({ db, clock }: { db: Database['slonik']; clock: Clock }) {
  const create: UseCase<'createRule'> = async (asked) => {
    const nowMs = clock.nowMs();
    const validFrom = asked.validFrom ?? new Date(nowMs).toISOString();
    const known = await findRule(db, asked.id);
    // Nothing is rewarded that happened before anybody knew of it: who decides again must agree.
    const isLate =
      Date.parse(validFrom) < nowMs || Date.parse(asked.validUntil) <= Date.parse(validFrom);
    if (known === null && isLate) {
      return { refused: 'in-the-past', detail: 'a rule begins now or later, and ends after that' };
    }
    const made =
      known === null ? await insertRule(db, { ...asked, validFrom }, new Date(nowMs)) : null;
    if (made !== null) return { rule: ruleView(made), replayed: false };
    const rule = known ?? (await findRule(db, asked.id));
    if (rule !== null && isOf(rule, asked)) return { rule: ruleView(rule), replayed: true };
    return { refused: 'id-reused', detail: 'this id made another rule' };
  };

  const change: UseCase<'changeRule'> = ({ id, change: wanted }) =>
    db.transaction(async (tx) => {
      const before = await lockRule(tx, id);
      if (before === null) return { refused: 'not-found', detail: 'there is no such rule' };
      if (wanted.budget !== undefined && BigInt(wanted.budget) < before.committed) {
        const detail = `${before.committed} of the budget are spent`;
        return { refused: 'not-possible', detail };
      }
      const validUntil = Date.parse(wanted.validUntil ?? '');
      if (validUntil <= before.validFrom.getTime()) {
        return { refused: 'not-possible', detail: 'a rule ends after it begins' };
      }
      const rule = await changeRule(tx, id, wanted);
      return { rule: ruleView(rule), before: ruleView(before) };
    });

  const list: UseCase<'listRules'> = async ({ cursor, limit }) =>
    pageOfRows(await listRules(db, readCursor(cursor), limit + 1), limit, ruleView);

  const get: UseCase<'getRule'> = async ({ id }) => {
    const rule = await findRule(db, id);
    return { rule: rule && ruleView(rule) };
  };

  return { createRule: create, changeRule: change, listRules: list, getRule: get };
}
