import type { AnswerOf, ItemOf } from '@florin/client';
import type { Known } from './api-client.ts';

/** What the API answers, by its own description. */
export type WalletView = Known<AnswerOf<'GET /v1/wallets/{id}'>>;
export type TransactionView = Known<AnswerOf<'GET /v1/transactions/{id}'>>;
export type EntryView = Known<ItemOf<'GET /v1/wallets/{id}/entries'>>;
export type KycView = Known<AnswerOf<'GET /v1/kyc'>>;
export type SessionView = Known<ItemOf<'GET /v1/me/sessions'>>;
export type UserView = Known<AnswerOf<'GET /v1/me'>>;
export type Reconciliation = Known<AnswerOf<'GET /v1/admin/reconciliation'>>;
export type Breakers = Known<AnswerOf<'GET /v1/admin/breakers'>>;

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
