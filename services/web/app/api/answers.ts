import type {
  breakersView,
  entryView,
  kycView,
  reconciliationView,
  sessionView,
  statementView,
  transactionView,
  userView,
  walletView,
} from '@florin/contracts';
import type { z } from 'zod';

/** What the API answers, by the schemas that it is described with. */
export type WalletView = z.output<typeof walletView>;
export type TransactionView = z.output<typeof transactionView>;
export type EntryView = z.output<typeof entryView>;
export type StatementView = z.output<typeof statementView>;
export type KycView = z.output<typeof kycView>;
export type SessionView = z.output<typeof sessionView>;
export type UserView = z.output<typeof userView>;
export type Reconciliation = z.output<typeof reconciliationView>;
export type Breakers = z.output<typeof breakersView>;

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
