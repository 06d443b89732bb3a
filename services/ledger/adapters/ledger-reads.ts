import type {
  ADJUSTMENT_REQUESTS,
  CLEARING_REQUESTS,
  FEE_REQUESTS,
  LANE_REQUESTS,
  LEDGER_REQUESTS,
} from '@florin/contracts';
import type { Cursor } from '../reads/cursor.ts';
import type { KEYS_REQUEST } from '../reads/find-keys.ts';
import type { TRANSIT_REQUEST } from '../reads/sum-transit.ts';
import type { z } from 'zod';

/** What shards ask each other, and nobody else. */
export type BetweenShards = { sumTransit: typeof TRANSIT_REQUEST; findKeys: typeof KEYS_REQUEST };

/** All that the books are asked for, wherever they are. */
export type Requests = typeof LEDGER_REQUESTS &
  typeof ADJUSTMENT_REQUESTS &
  typeof CLEARING_REQUESTS &
  typeof FEE_REQUESTS &
  typeof LANE_REQUESTS &
  BetweenShards;
export type Request<Name extends keyof Requests> = z.output<Requests[Name]['request']>;
export type Response<Name extends keyof Requests> = z.output<Requests[Name]['response']>;

export type LedgerReads = {
  [Name in keyof Requests]: (
    request: Request<Name>,
  ) => Promise<Name extends 'listTransactions' ? PlacedTransactions : Response<Name>>;
};

/** Nothing of an item tells where it stands: a wallet's list goes by the wallet's own entries. */
export type PlacedTransactions = Response<'listTransactions'> & { places?: Cursor[] | undefined };
