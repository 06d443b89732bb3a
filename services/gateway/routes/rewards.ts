import {
  claimReferralBody,
  pageOf,
  pageQuery,
  referralView,
  reward,
  rewardOffersView,
  type REWARD_REQUESTS,
} from '@florin/contracts';
import type { z } from 'zod';
import type { Rewards } from '../adapters/rewards.ts';
import { refusal, type Refusal } from '../domain/refusal.ts';
import { route, type Route } from '../rest/route.ts';

interface RewardRouteDeps {
  rewards: Rewards;
}

const SHARED = { tag: 'Rewards', access: 'person' } as const;

type Claimed = z.output<typeof REWARD_REQUESTS.claimReferral.response>;

/** Codes are tried by nobody who is told that they are wrong in more than one way. */
function claimRefusal(refused: Extract<Claimed, { refused: string }>['refused']): Refusal {
  switch (refused) {
    case 'unknown-code':
    case 'own-code':
      return refusal('not-found', 'this is nobody else’s code');
    case 'already':
      return refusal('limit-exceeded', 'somebody has brought you here already');
    case 'too-late':
      return refusal('limit-exceeded', 'this was possible before your first deposit');
  }
}

/** What people earn, and what there is to earn. */
export function rewardRoutes({ rewards }: RewardRouteDeps): Route[] {
  return [
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/rewards',
      summary: 'The caller’s rewards, newest first',
      description:
        'A reward is a transaction of its own, with the same id. As its payment is given back, ' +
        'it is taken back in the same proportion.',
      query: pageQuery,
      answers: { 200: { description: 'A page', schema: pageOf(reward) } },
      async handle({ caller, query: { limit, cursor } }) {
        const question = { userId: caller.id, limit, ...(cursor === undefined ? {} : { cursor }) };
        return { status: 200, body: await rewards.listRewards(question) };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/rewards/offers',
      summary: 'What there is to earn now',
      answers: { 200: { description: 'Rules in force', schema: rewardOffersView } },
      handle: async ({ caller }) => ({
        status: 200,
        body: await rewards.listOffers({ userId: caller.id }),
      }),
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/rewards/referral',
      summary: 'The caller’s code for others',
      answers: { 200: { description: 'The code', schema: referralView } },
      handle: async ({ caller }) => ({
        status: 200,
        body: await rewards.getReferral({ userId: caller.id }),
      }),
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/rewards/referral',
      summary: 'Say by whose code one came here, before the first deposit',
      body: claimReferralBody,
      answers: { 204: { description: 'Noted' } },
      problems: ['not-found', 'limit-exceeded'],
      async handle({ caller, body: { code } }) {
        const claimed = await rewards.claimReferral({ userId: caller.id, code });
        return 'refused' in claimed ? claimRefusal(claimed.refused) : { status: 204 };
      },
    }),
  ];
}
