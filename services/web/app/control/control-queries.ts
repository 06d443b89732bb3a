import type {
  Adjustment,
  AdjustmentStatus,
  BreakStatus,
  DeadLetterView,
  FeeSchedule,
  FeeScheduleVersion,
  positionsView,
  rewardFundsView,
  RewardRule,
  StatementBreak,
} from '@florin/contracts';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { Page } from '../api/answers.ts';
import type { ApiClient } from '../api/api-client.ts';
import { createPagedQuery } from '../api/paged-query.ts';
import { useParts } from '../api/parts.ts';

export type Positions = z.output<typeof positionsView>;
type RewardFunds = z.output<typeof rewardFundsView>;

const POLL_MS = 3000;

/** What operators read to steer the platform. */
function createControlQueries(api: ApiClient) {
  const { call } = api;
  const page = createPagedQuery(api);
  return {
    adjustments: (status: AdjustmentStatus | 'any') => ({
      ...page<Adjustment>(['admin', 'adjustments', status], '/v1/admin/adjustments', { status }),
      refetchInterval: POLL_MS,
    }),
    breaks: (status: BreakStatus | 'unresolved' | 'any') =>
      page<StatementBreak>(['admin', 'breaks', status], '/v1/admin/breaks', { status }),
    deadLetters: () =>
      queryOptions({
        queryKey: ['admin', 'dead-letters'],
        queryFn: async ({ signal }) =>
          (await call<Page<DeadLetterView>>('GET', '/v1/admin/dead-letters', { signal })).items,
        refetchInterval: POLL_MS * 5,
      }),
    fees: () =>
      queryOptions({
        queryKey: ['admin', 'fees', 'now'],
        queryFn: ({ signal }) => call<FeeSchedule>('GET', '/v1/fees', { signal }),
      }),
    feeHistory: () =>
      page<FeeScheduleVersion>(['admin', 'fees', 'history'], '/v1/admin/fees', { limit: 10 }),
    rewardRules: () => page<RewardRule>(['admin', 'reward-rules'], '/v1/admin/reward-rules'),
    rewardFunds: () =>
      queryOptions({
        queryKey: ['admin', 'reward-funds'],
        queryFn: async ({ signal }) =>
          (await call<RewardFunds>('GET', '/v1/admin/reward-funds', { signal })).items,
      }),
    /** Valued when it is asked for. */
    positions: () =>
      queryOptions({
        queryKey: ['admin', 'positions'],
        queryFn: ({ signal }) => call<Positions>('GET', '/v1/admin/fx/positions', { signal }),
      }),
  };
}

export function useControlQueries() {
  return createControlQueries(useParts().api);
}
