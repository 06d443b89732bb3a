import { CROSSING_TYPES } from '@florin/contracts';
import type { Book, EntryState } from './book.ts';

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
  /** Of the transactions that are asked for here, those that others decided about. */
  usedElsewhere?: ReadonlySet<string>;
}

/** Whether the books of a wallet are in another shard. What a bank gets, or nobody, is here. */
export const isElsewhere = ({ otherShards }: Book, walletId: string | null): boolean =>
  walletId !== null && otherShards?.isElsewhere(walletId) === true;

/** The same name in both shards: what the one's account has, the other's lacks. */
export const pairName = (one: number, other: number): string =>
  `${Math.min(one, other)}-${Math.max(one, other)}`;

type CrossingType = (typeof CROSSING_TYPES)[number];

/** What kinds of payment may reach a wallet in another shard. */
export const mayCrossShards = (type: string): type is CrossingType =>
  (CROSSING_TYPES as readonly string[]).includes(type);
