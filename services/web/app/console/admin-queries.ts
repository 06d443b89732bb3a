import type { AnswerOf, Input, ItemOf, PagedOperation } from '@florin/client';
import type { KycStatus, ReviewStatus } from '@florin/contracts';
import { queryOptions } from '@tanstack/react-query';
import type { ApiClient, Known } from '../api/api-client.ts';
import { createPagedQuery } from '../api/paged-query.ts';
import { useParts } from '../api/parts.ts';

export type FlagView = Known<ItemOf<'GET /v1/admin/flags'>>;
export type DecisionView = Known<AnswerOf<'GET /v1/admin/decisions/{id}'>>;
export type ModelView = Known<AnswerOf<'GET /v1/admin/models'>>['models'][number];
export type DecisionSummary = Known<ItemOf<'GET /v1/admin/decisions'>>;
export type StaffUser = Known<AnswerOf<'GET /v1/admin/users/{id}'>>;
export type Application = Known<ItemOf<'GET /v1/admin/applications'>>;
export type Breaker = Known<ItemOf<'GET /v1/admin/breakers'>>;

export interface SimulatedBank {
  name: string;
  behaviour: string;
  listening: boolean;
  delayMs: number;
  settleMs: number;
  failureRate: number;
  payments: number;
}

const POLL_MS = 3000;
const DECISIONS_MAX = 500;

/** Every read of the console. What operators watch is asked for again and again. */
function createAdminQueries(api: ApiClient) {
  const paged = createPagedQuery(api);
  const page = <O extends PagedOperation>(operation: O, query: Input<O>['query']) =>
    paged(['admin', operation, query], operation, { query });
  return {
    reviews: (status: ReviewStatus | 'any') => ({
      ...page('GET /v1/admin/reviews', { status }),
      refetchInterval: POLL_MS,
    }),
    documents: (status: KycStatus) => page('GET /v1/admin/kyc', { status }),
    documentFile: (id: string) =>
      queryOptions({
        queryKey: ['admin', 'document-file', id],
        queryFn: ({ signal }) => api.file('GET /v1/admin/kyc/{id}/file', { path: { id }, signal }),
        // Nobody keeps what they have looked at.
        gcTime: 0,
      }),
    wallets: (filters: { ownerId?: string | undefined; currency?: string | undefined }) =>
      page('GET /v1/admin/wallets', filters),
    decision: (transactionId: string) =>
      queryOptions({
        queryKey: ['admin', 'decision', transactionId],
        queryFn: ({ signal }) =>
          api.call('GET /v1/admin/decisions/{id}', { path: { id: transactionId }, signal }),
        staleTime: Infinity,
      }),
    audit: (filters: { type?: string | undefined; actor?: string | undefined }) =>
      page('GET /v1/admin/audit', filters),
    /** Null when nobody has this address. */
    userByEmail: (email: string) =>
      queryOptions({
        queryKey: ['admin', 'user', email],
        queryFn: async ({ signal }): Promise<StaffUser | null> => {
          const query = { email };
          const { items } = await api.call('GET /v1/admin/users', { query, signal });
          return items[0] ?? null;
        },
      }),
    applications: () =>
      queryOptions({
        queryKey: ['admin', 'applications'],
        queryFn: async ({ signal }) =>
          (await api.call('GET /v1/admin/applications', { signal })).items,
      }),
    /** The newest decisions, as many as a comparison needs. */
    recentDecisions: () =>
      queryOptions({
        queryKey: ['admin', 'recent-decisions'],
        queryFn: async ({ signal }) => {
          const found: DecisionSummary[] = [];
          const query = { limit: 100 };
          for await (const one of api.items('GET /v1/admin/decisions', { query, signal })) {
            if (found.push(one) === DECISIONS_MAX) break;
          }
          return found;
        },
        refetchInterval: 15_000,
      }),
    flags: () =>
      queryOptions({
        queryKey: ['admin', 'flags'],
        queryFn: async ({ signal }) => (await api.call('GET /v1/admin/flags', { signal })).items,
        refetchInterval: POLL_MS,
      }),
    models: () =>
      queryOptions({
        queryKey: ['admin', 'models'],
        queryFn: ({ signal }) => api.call('GET /v1/admin/models', { signal }),
      }),
    lanes: () =>
      queryOptions({
        queryKey: ['admin', 'lanes'],
        queryFn: async ({ signal }) => (await api.call('GET /v1/admin/lanes', { signal })).items,
        refetchInterval: POLL_MS,
      }),
    breakers: () =>
      queryOptions({
        queryKey: ['admin', 'breakers'],
        queryFn: async ({ signal }) => (await api.call('GET /v1/admin/breakers', { signal })).items,
        refetchInterval: POLL_MS,
      }),
    /** All books are read for it: on request, not by the clock. */
    reconciliation: () =>
      queryOptions({
        queryKey: ['admin', 'reconciliation'],
        queryFn: ({ signal }) => api.call('GET /v1/admin/reconciliation', { signal }),
        staleTime: 60_000,
      }),
    simulatedBanks: () =>
      queryOptions({
        queryKey: ['admin', 'simulated-banks'],
        queryFn: async ({ signal }) => {
          const answer = await api.request('GET /bank-simulator/control/banks', { signal });
          return (answer as { banks: SimulatedBank[] }).banks;
        },
        refetchInterval: POLL_MS,
      }),
  };
}

export function useAdminQueries() {
  return createAdminQueries(useParts().api);
}
