import {
  anyRewardsQuery,
  pageOf,
  pageQuery,
  reward,
  rewardFundsBody,
  rewardFundsView,
  rewardRule,
  rewardRuleBody,
  rewardRuleChangeBody,
  REWARDS_OWNER,
  transactionView,
  type RewardRule,
} from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { RecordAction } from '@florin/messaging';
import type { Ledger } from '../adapters/ledger.ts';
import type { Rewards } from '../adapters/rewards.ts';
import { fingerprintOf, rewardRuleIdOf, transactionIdOf } from '../domain/idempotency.ts';
import { isRefusal, refusal } from '../domain/refusal.ts';
import { insightOf } from '../domain/transaction-view.ts';
import type { FundRewards } from '../fund-rewards.ts';
import { route, type Route } from '../rest/route.ts';
import { createTellAction } from '../tell-action.ts';
import { answerPlacement } from './payment-answers.ts';

interface RewardRuleDeps {
  rewards: Rewards;
  ledger: Pick<Ledger, 'listWallets'>;
  fundRewards: FundRewards;
  record: RecordAction;
  clock: Clock;
}

const SHARED = { tag: 'Operators', access: 'admin' } as const;
const RULE = { description: 'The rule', schema: rewardRule } as const;
/** No installation has more currencies. */
const PURSES_MAX = 100;

const given = <T>(cursor: T | undefined) => (cursor === undefined ? {} : { cursor });

/** What a change of a rule may have changed, as the audit log keeps it. */
const textOf = ({ name, status, validUntil, budget }: RewardRule): string =>
  JSON.stringify({ name, status, validUntil, budget });

const defined = <T extends object>(all: T) =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]: Exclude<T[Name], undefined>;
  };

function rulesOf({ rewards, record, clock }: RewardRuleDeps): Route[] {
  const tell = createTellAction({ record, clock });
  return [
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/reward-rules',
      summary: 'Make a rule by which payments and deposits are rewarded',
      description:
        'It holds for what completes from validFrom on, and pays no more than its budget. Its ' +
        'terms never change.',
      idempotencyKey: 'required',
      body: rewardRuleBody,
      answers: { 201: RULE },
      problems: ['idempotency-key-reused'],
      async handle({ caller, body, idempotencyKey, requestId }) {
        const id = rewardRuleIdOf(caller.id, idempotencyKey);
        const made = await rewards.createRule({ ...defined(body), id, createdBy: caller.id });
        if ('refused' in made) {
          if (made.refused === 'id-reused') return refusal('idempotency-key-reused', made.detail);
          const errors = [{ pointer: '/validFrom', detail: made.detail }];
          return refusal('validation-failed', made.detail, { facts: { errors } });
        }
        const { rule, replayed } = made;
        if (!replayed) {
          await tell({ caller, requestId }, 'reward-rule-made', id, { after: textOf(rule) });
        }
        const headers = {
          location: `/v1/admin/reward-rules/${id}`,
          ...(replayed ? { 'idempotency-replayed': 'true' } : {}),
        };
        return { status: 201, body: rule, headers };
      },
    }),
    route({
      ...SHARED,
      method: 'PATCH',
      path: '/v1/admin/reward-rules/:id',
      summary: 'Pause a rule, go on with it, end it at another time, or give it another budget',
      body: rewardRuleChangeBody,
      answers: { 200: RULE },
      problems: ['not-found', 'limit-exceeded'],
      async handle({ caller, params: { id }, body, requestId }) {
        const changed = await rewards.changeRule({ id, change: defined(body) });
        if ('refused' in changed) {
          const code = changed.refused === 'not-found' ? 'not-found' : 'limit-exceeded';
          return refusal(code, changed.detail);
        }
        const { rule, before } = changed;
        const facts = { before: textOf(before), after: textOf(rule) };
        await tell({ caller, requestId }, 'reward-rule-changed', id, facts);
        return { status: 200, body: rule };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/reward-rules',
      summary: 'Rules by which rewards are paid, newest first',
      query: pageQuery,
      answers: { 200: { description: 'A page', schema: pageOf(rewardRule) } },
      handle: async ({ query: { limit, cursor } }) => ({
        status: 200,
        body: await rewards.listRules({ limit, ...given(cursor) }),
      }),
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/reward-rules/:id',
      summary: 'A rule, and how much of its budget is spent',
      answers: { 200: RULE },
      problems: ['not-found'],
      async handle({ params: { id } }) {
        const { rule } = await rewards.getRule({ id });
        if (rule === null) return refusal('not-found', `there is no reward rule ${id}`);
        return { status: 200, body: rule };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/rewards',
      summary: 'Rewards of everybody, those that were refused too, newest first',
      query: anyRewardsQuery,
      answers: { 200: { description: 'A page', schema: pageOf(reward) } },
      async handle({ query: { limit, cursor, ruleId } }) {
        const question = { limit, ...given(cursor), ...(ruleId === undefined ? {} : { ruleId }) };
        return { status: 200, body: await rewards.listRewards(question) };
      },
    }),
  ];
}

/** Rules, and the money that rewards are paid from. */
export function rewardRuleRoutes(deps: RewardRuleDeps): Route[] {
  const tell = createTellAction(deps);
  return [
    ...rulesOf(deps),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/reward-funds',
      summary: 'What there is to pay rewards from',
      answers: { 200: { description: 'One wallet per currency', schema: rewardFundsView } },
      async handle() {
        const { items } = await deps.ledger.listWallets({
          ownerId: REWARDS_OWNER,
          limit: PURSES_MAX,
        });
        const purses = items.map(({ id, currency, balances }) => ({
          walletId: id,
          currency,
          balances,
        }));
        return { status: 200, body: { items: purses } };
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/reward-funds',
      summary: 'Bring money of the platform in, to pay rewards from',
      description:
        'A deposit from a bank account, into a wallet that pays nothing but rewards. It goes ' +
        'back by charging the deposit back.',
      idempotencyKey: 'required',
      waits: true,
      scored: true,
      body: rewardFundsBody,
      answers: {
        201: { description: 'The deposit', schema: transactionView },
        202: { description: 'Not decided yet: see Location', schema: transactionView },
      },
      problems: ['risk-blocked', 'bank-declined', 'bank-unavailable'],
      async handle({ caller, body, method, path, idempotencyKey, requestId, ...call }) {
        const { currency, ...funding } = body;
        const identity = {
          transactionId: transactionIdOf(caller.id, idempotencyKey),
          clientId: caller.id,
          bodyHash: fingerprintOf(method, path, body),
          currency,
          context: call.context,
        };
        const { preference } = call;
        const context = { requestId, waitMs: preference.waitMs };
        const placed = await deps.fundRewards(identity, funding, context);
        if (!isRefusal(placed) && !placed.replayed) {
          const after = `${funding.amount} ${currency} by ${placed.transaction.id}`;
          await tell({ caller, requestId }, 'rewards-funded', placed.transaction.walletId, {
            after,
          });
        }
        return answerPlacement(placed, preference, insightOf(caller));
      },
    }),
  ];
}
