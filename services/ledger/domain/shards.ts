import type { EntryState } from './book.ts';

/**
 * Where the other wallets are, for an installation whose books are in several shards. A book of one
 * that has one shard has none of this.
 */
export interface OtherShards {
  isElsewhere(walletId: string): boolean;
  /** What the account is called that money passes through between here and that wallet's shard. */
  pairOf(walletId: string): string;
  /** What was credited to wallets here before, by the id of the arrival. */
  arrivals: Map<string, EntryState[]>;
}

/** The same name in both shards: what the one's account has, the other's lacks. */
export const pairName = (one: number, other: number): string =>
  `${Math.min(one, other)}-${Math.max(one, other)}`;

/** What kinds of payment may reach a wallet in another shard. */
export const mayCrossShards = (type: string): boolean => type === 'transfer' || type === 'reward';
