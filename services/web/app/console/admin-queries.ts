import type {
  applicationView,
  AuditRecordView,
  breakersView,
  decisionSummaryView,
  decisionView,
  flagView,
  KycDocument,
  KycStatus,
  LaneView,
  modelsView,
  reconciliationView,
  ReviewStatus,
  staffUserView,
} from '@florin/contracts';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { Page, TransactionView, WalletView } from '../api/answers.ts';
import type { ApiClient } from '../api/api-client.ts';
import { createPagedQuery } from '../api/paged-query.ts';
import { useParts } from '../api/parts.ts';

export type FlagView = z.output<typeof flagView>;
export type DecisionView = z.output<typeof decisionView>;
export type ModelView = z.output<typeof modelsView>['models'][number];
export type DecisionSummary = z.output<typeof decisionSummaryView>;
export type StaffUser = z.output<typeof staffUserView>;
export type Application = z.output<typeof applicationView>;
export type Breaker = z.output<typeof breakersView>['items'][number];

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
const DECISION_PAGES = 5;

/** Every read of the console. What operators watch is asked for again and again. */
function createAdminQueries(api: ApiClient) {
  const { call, download } = api;
  const paged = createPagedQuery(api);
  const page = <Item>(path: string, query: Record<string, string | undefined>) =>
    paged<Item>(['admin', path, query], path, query);
  return {
    reviews: (status: ReviewStatus | 'any') => ({
      ...page<TransactionView>('/v1/admin/reviews', { status }),
      refetchInterval: POLL_MS,
    }),
    documents: (status: KycStatus) => page<KycDocument>('/v1/admin/kyc', { status }),
    documentFile: (id: string) =>
      queryOptions({
        queryKey: ['admin', 'document-file', id],
        queryFn: ({ signal }) => download(`/v1/admin/kyc/${id}/file`, { signal }),
        // Nobody keeps what they have looked at.
        gcTime: 0,
        retry: false,
      }),
    wallets: (filters: { ownerId?: string | undefined; currency?: string | undefined }) =>
      page<WalletView>('/v1/admin/wallets', filters),
    decision: (transactionId: string) =>
      queryOptions({
        queryKey: ['admin', 'decision', transactionId],
        queryFn: ({ signal }) =>
          call<DecisionView>('GET', `/v1/admin/decisions/${transactionId}`, { signal }),
        staleTime: Infinity,
        retry: false,
      }),
    audit: (filters: { type?: string | undefined; actor?: string | undefined }) =>
      page<AuditRecordView>('/v1/admin/audit', filters),
    /** Null when nobody has this address. */
    userByEmail: (email: string) =>
      queryOptions({
        queryKey: ['admin', 'user', email],
        queryFn: async ({ signal }): Promise<StaffUser | null> => {
          const query = { email };
          const { items } = await call<Page<StaffUser>>('GET', '/v1/admin/users', {
            query,
            signal,
          });
          return items[0] ?? null;
        },
        retry: false,
      }),
    applications: () =>
      queryOptions({
        queryKey: ['admin', 'applications'],
        queryFn: async ({ signal }) =>
          (await call<Page<Application>>('GET', '/v1/admin/applications', { signal })).items,
      }),
    /** The newest decisions, as many as a comparison needs. */
    recentDecisions: () =>
      queryOptions({
        queryKey: ['admin', 'recent-decisions'],
        queryFn: async ({ signal }) => {
          const found: DecisionSummary[] = [];
          let cursor: string | null | undefined;
          for (let pages = 0; pages < DECISION_PAGES && cursor !== null; pages++) {
            const query = { limit: 100, cursor };
            const answer: Page<DecisionSummary> = await call('GET', '/v1/admin/decisions', {
              query,
              signal,
            });
            found.push(...answer.items);
            cursor = answer.nextCursor;
          }
          return found;
        },
        refetchInterval: 15_000,
        retry: false,
      }),
    flags: () =>
      queryOptions({
        queryKey: ['admin', 'flags'],
        queryFn: async ({ signal }) =>
          (await call<{ items: FlagView[] }>('GET', '/v1/admin/flags', { signal })).items,
        refetchInterval: POLL_MS,
      }),
    models: () =>
      queryOptions({
        queryKey: ['admin', 'models'],
        queryFn: ({ signal }) =>
          call<{ backend: string; models: ModelView[] }>('GET', '/v1/admin/models', { signal }),
        retry: false,
      }),
    lanes: () =>
      queryOptions({
        queryKey: ['admin', 'lanes'],
        queryFn: async ({ signal }) =>
          (await call<{ items: LaneView[] }>('GET', '/v1/admin/lanes', { signal })).items,
        refetchInterval: POLL_MS,
      }),
    breakers: () =>
      queryOptions({
        queryKey: ['admin', 'breakers'],
        queryFn: async ({ signal }) =>
          (await call<{ items: Breaker[] }>('GET', '/v1/admin/breakers', { signal })).items,
        refetchInterval: POLL_MS,
      }),
    /** All books are read for it: on request, not by the clock. */
    reconciliation: () =>
      queryOptions({
        queryKey: ['admin', 'reconciliation'],
        queryFn: ({ signal }) =>
          call<z.output<typeof reconciliationView>>('GET', '/v1/admin/reconciliation', { signal }),
        staleTime: 60_000,
      }),
    simulatedBanks: () =>
      queryOptions({
        queryKey: ['admin', 'simulated-banks'],
        queryFn: async ({ signal }) => {
          const path = '/bank-simulator/control/banks';
          return (await call<{ banks: SimulatedBank[] }>('GET', path, { signal })).banks;
        },
        refetchInterval: POLL_MS,
      }),
  };
}

export function useAdminQueries() {
  return createAdminQueries(useParts().api);
}
