import type { MessageKind, PaymentRequestView } from '@florin/contracts';
import type { Currency } from '@florin/kernel';
import type { Input } from '@florin/client';
import { queryOptions } from '@tanstack/react-query';
import type { TransactionView } from './answers.ts';
import type { ApiClient } from './api-client.ts';
import { createPagedQuery } from './paged-query.ts';

export type TransactionFilters = Pick<
  NonNullable<Input<'GET /v1/transactions'>['query']>,
  'walletId' | 'status' | 'type' | 'from' | 'to' | 'text' | 'currency' | 'minAmount' | 'maxAmount'
>;

export type Muted = Record<'muted' | 'mutedLetters', MessageKind[]>;

/** More wallets than anybody has: one page holds them all. */
const WALLETS_MAX = 100;
const whole = { limit: 100 };

/** Every read of the wallet: its key, its call, and how long the answer stays true. */
export function createQueries(api: ApiClient) {
  const page = createPagedQuery(api);
  return {
    me: () =>
      queryOptions({
        queryKey: ['me'],
        queryFn: ({ signal }) => api.call('GET /v1/me', { signal }),
        staleTime: Infinity,
      }),
    /** Limits are told in one currency: that of the person's first wallet. */
    kyc: (currency: Currency) =>
      queryOptions({
        queryKey: ['kyc', currency],
        queryFn: ({ signal }) => api.call('GET /v1/kyc', { query: { currency }, signal }),
      }),
    sessions: () =>
      queryOptions({
        queryKey: ['sessions'],
        queryFn: async ({ signal }) => (await api.call('GET /v1/me/sessions', { signal })).items,
      }),
    notifications: () => page(['notifications'], 'GET /v1/notifications'),
    /** What somebody does not want to be told, in the app and by letter. */
    notificationPreferences: () =>
      queryOptions({
        queryKey: ['notification-preferences'],
        queryFn: ({ signal }): Promise<Muted> =>
          api.call('GET /v1/notifications/preferences', { signal }),
      }),
    wallets: () =>
      queryOptions({
        queryKey: ['wallets'],
        queryFn: async ({ signal }) => {
          const query = { limit: WALLETS_MAX };
          return (await api.call('GET /v1/wallets', { query, signal })).items;
        },
      }),
    wallet: (id: string) =>
      queryOptions({
        queryKey: ['wallet', id],
        queryFn: ({ signal }) => api.call('GET /v1/wallets/{id}', { path: { id }, signal }),
      }),
    transactions: (filters: TransactionFilters = {}) =>
      page(['transactions', filters], 'GET /v1/transactions', { query: { ...filters } }),
    transaction: (id: string) =>
      queryOptions({
        queryKey: ['transaction', id],
        queryFn: ({ signal }) => api.call('GET /v1/transactions/{id}', { path: { id }, signal }),
      }),
    paymentRequests: (direction: PaymentRequestView['direction']) =>
      queryOptions({
        queryKey: ['payment-requests', direction],
        queryFn: async ({ signal }) => {
          const query = { direction, ...whole };
          return (await api.call('GET /v1/payment-requests', { query, signal })).items;
        },
      }),
    schedules: () =>
      queryOptions({
        queryKey: ['schedules'],
        queryFn: async ({ signal }) =>
          (await api.call('GET /v1/scheduled-transfers', { query: whole, signal })).items,
      }),
    occurrences: (id: string) =>
      queryOptions({
        queryKey: ['schedules', id, 'occurrences'],
        queryFn: async ({ signal }) => {
          const asked = { path: { id }, query: { limit: 20 }, signal };
          return (await api.call('GET /v1/scheduled-transfers/{id}/occurrences', asked)).items;
        },
      }),
    balanceMonitors: () =>
      queryOptions({
        queryKey: ['balance-monitors'],
        queryFn: async ({ signal }) =>
          (await api.call('GET /v1/balance-monitors', { query: whole, signal })).items,
      }),
    bulkFiles: () => page(['bulk-files'], 'GET /v1/bulk-files'),
    rewards: () => page(['rewards'], 'GET /v1/rewards'),
    rewardOffers: () =>
      queryOptions({
        queryKey: ['reward-offers'],
        queryFn: async ({ signal }) => (await api.call('GET /v1/rewards/offers', { signal })).items,
      }),
    referral: () =>
      queryOptions({
        queryKey: ['referral'],
        queryFn: ({ signal }) => api.call('GET /v1/rewards/referral', { signal }),
      }),
    apiKeys: () =>
      queryOptions({
        queryKey: ['api-keys'],
        queryFn: async ({ signal }) => (await api.call('GET /v1/me/api-keys', { signal })).items,
      }),
    webhooks: () =>
      queryOptions({
        queryKey: ['webhooks'],
        queryFn: async ({ signal }) =>
          (await api.call('GET /v1/webhooks', { query: whole, signal })).items,
      }),
    deliveries: (webhookId: string) =>
      page(['deliveries', webhookId], 'GET /v1/webhooks/{id}/deliveries', {
        path: { id: webhookId },
        query: { limit: 10 },
      }),
    /** The newest entries of a wallet, for the line of its balance. */
    recentEntries: (walletId: string) =>
      queryOptions({
        queryKey: ['entries', walletId],
        queryFn: async ({ signal }) => {
          const asked = { path: { id: walletId }, query: whole, signal };
          return (await api.call('GET /v1/wallets/{id}/entries', asked)).items;
        },
      }),
    /** The entries that a transaction made in a wallet: those of its time that carry its id. */
    entriesOf: ({ id, createdAt, completedAt }: TransactionView, walletId: string) =>
      queryOptions({
        queryKey: ['entries', walletId, id, completedAt],
        queryFn: async ({ signal }) => {
          const to = new Date(Date.parse(completedAt ?? createdAt) + 1000).toISOString();
          const asked = { path: { id: walletId }, query: { from: createdAt, to }, signal };
          const statement = await api.call('GET /v1/wallets/{id}/statement', asked);
          return statement.entries.filter(({ transactionId }) => transactionId === id);
        },
        enabled: completedAt !== undefined,
        staleTime: Infinity,
      }),
  };
}

export type Queries = ReturnType<typeof createQueries>;
