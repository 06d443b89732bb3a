import type { AnswerOf } from '@florin/client';
import type { AdjustmentStatus, BreakStatus } from '@florin/contracts';
import { queryOptions } from '@tanstack/react-query';
import type { ApiClient, Known } from '../api/api-client.ts';
import { createPagedQuery } from '../api/paged-query.ts';
import { useParts } from '../api/parts.ts';

export type Positions = Known<AnswerOf<'GET /v1/admin/fx/positions'>>;

const POLL_MS = 3000;

/** What operators read to steer the platform. */
function createControlQueries(api: ApiClient) {
  const page = createPagedQuery(api);
  return {
    adjustments: (status: AdjustmentStatus | 'any') => ({
      ...page(['admin', 'adjustments', status], 'GET /v1/admin/adjustments', {
        query: { status },
      }),
      refetchInterval: POLL_MS,
    }),
    breaks: (status: BreakStatus | 'unresolved' | 'any') =>
      page(['admin', 'breaks', status], 'GET /v1/admin/breaks', { query: { status } }),
    deadLetters: () =>
      queryOptions({
        queryKey: ['admin', 'dead-letters'],
        queryFn: async ({ signal }) =>
          (await api.call('GET /v1/admin/dead-letters', { signal })).items,
        refetchInterval: POLL_MS * 5,
      }),
    fees: () =>
      queryOptions({
        queryKey: ['admin', 'fees', 'now'],
        queryFn: ({ signal }) => api.call('GET /v1/fees', { signal }),
      }),
    feeHistory: () =>
      page(['admin', 'fees', 'history'], 'GET /v1/admin/fees', { query: { limit: 10 } }),
    rewardRules: () => page(['admin', 'reward-rules'], 'GET /v1/admin/reward-rules'),
    rewardFunds: () =>
      queryOptions({
        queryKey: ['admin', 'reward-funds'],
        queryFn: async ({ signal }) =>
          (await api.call('GET /v1/admin/reward-funds', { signal })).items,
      }),
    /** Valued when it is asked for. */
    positions: () =>
      queryOptions({
        queryKey: ['admin', 'positions'],
        queryFn: ({ signal }) => api.call('GET /v1/admin/fx/positions', { signal }),
      }),
  };
}

export function useControlQueries() {
  return createControlQueries(useParts().api);
}
