import type {
  BalanceMonitor,
  BulkFile,
  InboxMessage,
  MessageKind,
  PaymentRequestView,
  Reward,
  rewardOffersView,
  scheduledOccurrence,
  ScheduledTransfer,
  TransactionStatus,
  TransactionType,
  Webhook,
  WebhookDelivery,
} from '@florin/contracts';
import type { Currency } from '@florin/kernel';
import type { z } from 'zod';
import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from './api-client.ts';
import type {
  EntryView,
  KycView,
  Page,
  SessionView,
  StatementView,
  TransactionView,
  UserView,
  WalletView,
} from './answers.ts';
import { createPagedQuery } from './paged-query.ts';

export interface TransactionFilters {
  walletId?: string | undefined;
  status?: TransactionStatus | undefined;
  type?: TransactionType | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** In the note; an id or an e-mail address finds the other side. */
  text?: string | undefined;
  currency?: string | undefined;
  minAmount?: string | undefined;
  maxAmount?: string | undefined;
}

type Occurrence = z.output<typeof scheduledOccurrence>;
type RewardOffers = z.output<typeof rewardOffersView>;
export type Muted = Record<'muted' | 'mutedLetters', MessageKind[]>;
interface Referral {
  code: string;
  wasReferred: boolean;
  referredCount: number;
}

/** More wallets than anybody has: one page holds them all. */
const WALLETS_MAX = 100;

/** Every read of the wallet: its key, its call, and how long the answer stays true. */
export function createQueries(api: ApiClient) {
  const { call } = api;
  const page = createPagedQuery(api);
  return {
    me: () =>
      queryOptions({
        queryKey: ['me'],
        queryFn: ({ signal }) => call<UserView>('GET', '/v1/me', { signal }),
        staleTime: Infinity,
      }),
    /** Limits are told in one currency: that of the person's first wallet. */
    kyc: (currency: Currency) =>
      queryOptions({
        queryKey: ['kyc', currency],
        queryFn: ({ signal }) => call<KycView>('GET', '/v1/kyc', { query: { currency }, signal }),
      }),
    sessions: () =>
      queryOptions({
        queryKey: ['sessions'],
        queryFn: async ({ signal }) =>
          (await call<Page<SessionView>>('GET', '/v1/me/sessions', { signal })).items,
      }),
    notifications: () => page<InboxMessage>(['notifications'], '/v1/notifications'),
    /** What somebody does not want to be told, in the app and by letter. */
    notificationPreferences: () =>
      queryOptions({
        queryKey: ['notification-preferences'],
        queryFn: ({ signal }) => call<Muted>('GET', '/v1/notifications/preferences', { signal }),
      }),
    wallets: () =>
      queryOptions({
        queryKey: ['wallets'],
        queryFn: async ({ signal }) => {
          const query = { limit: WALLETS_MAX };
          const { items } = await call<Page<WalletView>>('GET', '/v1/wallets', { query, signal });
          return items;
        },
      }),
    wallet: (id: string) =>
      queryOptions({
        queryKey: ['wallet', id],
        queryFn: ({ signal }) => call<WalletView>('GET', `/v1/wallets/${id}`, { signal }),
      }),
    transactions: (filters: TransactionFilters = {}) =>
      page<TransactionView>(['transactions', filters], '/v1/transactions', { ...filters }),
    transaction: (id: string) =>
      queryOptions({
        queryKey: ['transaction', id],
        queryFn: ({ signal }) => call<TransactionView>('GET', `/v1/transactions/${id}`, { signal }),
      }),
    paymentRequests: (direction: PaymentRequestView['direction']) =>
      queryOptions({
        queryKey: ['payment-requests', direction],
        queryFn: async ({ signal }) => {
          const query = { direction, limit: 100 };
          const path = '/v1/payment-requests';
          return (await call<Page<PaymentRequestView>>('GET', path, { query, signal })).items;
        },
      }),
    schedules: () =>
      queryOptions({
        queryKey: ['schedules'],
        queryFn: async ({ signal }) => {
          const query = { limit: 100 };
          const path = '/v1/scheduled-transfers';
          return (await call<Page<ScheduledTransfer>>('GET', path, { query, signal })).items;
        },
      }),
    occurrences: (id: string) =>
      queryOptions({
        queryKey: ['schedules', id, 'occurrences'],
        queryFn: async ({ signal }) => {
          const query = { limit: 20 };
          const path = `/v1/scheduled-transfers/${id}/occurrences`;
          return (await call<Page<Occurrence>>('GET', path, { query, signal })).items;
        },
      }),
    balanceMonitors: () =>
      queryOptions({
        queryKey: ['balance-monitors'],
        queryFn: async ({ signal }) => {
          const query = { limit: 100 };
          return (
            await call<Page<BalanceMonitor>>('GET', '/v1/balance-monitors', { query, signal })
          ).items;
        },
      }),
    bulkFiles: () => page<BulkFile>(['bulk-files'], '/v1/bulk-files'),
    rewards: () => page<Reward>(['rewards'], '/v1/rewards'),
    rewardOffers: () =>
      queryOptions({
        queryKey: ['reward-offers'],
        queryFn: async ({ signal }) =>
          (await call<RewardOffers>('GET', '/v1/rewards/offers', { signal })).items,
      }),
    referral: () =>
      queryOptions({
        queryKey: ['referral'],
        queryFn: ({ signal }) => call<Referral>('GET', '/v1/rewards/referral', { signal }),
      }),
    webhooks: () =>
      queryOptions({
        queryKey: ['webhooks'],
        queryFn: async ({ signal }) =>
          (await call<Page<Webhook>>('GET', '/v1/webhooks', { query: { limit: 100 }, signal }))
            .items,
      }),
    deliveries: (webhookId: string) =>
      page<WebhookDelivery>(['deliveries', webhookId], `/v1/webhooks/${webhookId}/deliveries`, {
        limit: 10,
      }),
    /** The newest entries of a wallet, for the line of its balance. */
    recentEntries: (walletId: string) =>
      queryOptions({
        queryKey: ['entries', walletId],
        queryFn: async ({ signal }) => {
          const query = { limit: 100 };
          const path = `/v1/wallets/${walletId}/entries`;
          return (await call<Page<EntryView>>('GET', path, { query, signal })).items;
        },
      }),
    /** The entries that a transaction made in a wallet: those of its time that carry its id. */
    entriesOf: ({ id, createdAt, completedAt }: TransactionView, walletId: string) =>
      queryOptions({
        queryKey: ['entries', walletId, id, completedAt],
        queryFn: async ({ signal }) => {
          const to = new Date(Date.parse(completedAt ?? createdAt) + 1000).toISOString();
          const statement = await call<StatementView>('GET', `/v1/wallets/${walletId}/statement`, {
            query: { from: createdAt, to },
            signal,
          });
          return statement.entries.filter(({ transactionId }) => transactionId === id);
        },
        enabled: completedAt !== undefined,
        staleTime: Infinity,
      }),
  };
}

export type Queries = ReturnType<typeof createQueries>;
