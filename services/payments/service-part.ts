import type { Transaction } from '@florin/contracts';
import type { Bus, RequestContract } from '@florin/messaging';
import type { Database } from '@florin/postgres';
import type { OrderDesk } from './adapters/order-desk.ts';
import type { PaymentsConfig } from './config.ts';

/** What every part of the service works with. */
export interface PartDeps {
  db: Database['slonik'];
  bus: Bus;
  desk: OrderDesk;
  config: PaymentsConfig;
  /** Somebody is to be told of something. */
  onTold(): void;
}

/** One of the things that this service does, running. */
export interface ServicePart {
  /** Hears of transactions that may be its own; each comes at least once. */
  settle(transactions: readonly Transaction[]): Promise<void>;
  contracts: Record<string, RequestContract>;
  /** By the names of the contracts. */
  useCases: Record<string, (request: never) => Promise<unknown>>;
}
