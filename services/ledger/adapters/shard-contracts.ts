import {
  ADJUSTMENT_REQUESTS,
  CLEARING_REQUESTS,
  FEE_REQUESTS,
  LANE_REQUESTS,
  LEDGER_REQUESTS,
  shardSubject,
} from '@florin/contracts';
import type { RequestContract } from '@florin/messaging';
import { z } from 'zod';
import { KEYS_REQUEST } from '../reads/find-keys.ts';
import { TRANSIT_REQUEST } from '../reads/sum-transit.ts';
import type { BetweenShards, Requests } from './ledger-reads.ts';

/** What others may ask; what shards ask each other besides is theirs. */
type Asked = Exclude<keyof Requests, keyof BetweenShards>;
const BETWEEN_SHARDS: BetweenShards = { sumTransit: TRANSIT_REQUEST, findKeys: KEYS_REQUEST };
export const NAMES_BETWEEN_SHARDS = ['sumTransit', 'findKeys'] as const;
export const CONTRACTS = {
  ...LEDGER_REQUESTS,
  ...ADJUSTMENT_REQUESTS,
  ...CLEARING_REQUESTS,
  ...FEE_REQUESTS,
  ...LANE_REQUESTS,
};
export const NAMES = Object.keys(CONTRACTS) as Asked[];

const place = z.object({ atUs: z.number(), id: z.string() });

/** The same questions, put to one shard; lists tell the place of each item, too. */
export function contractOfShard<Name extends keyof Requests>(
  name: Name,
  shard: number,
): Requests[Name] {
  const contracts = { ...CONTRACTS, ...BETWEEN_SHARDS };
  const known = contracts[name] as RequestContract;
  const response =
    name === 'listTransactions'
      ? LEDGER_REQUESTS.listTransactions.response.extend({ places: z.array(place).optional() })
      : known.response;
  const subject = shardSubject(known.subject, shard);
  return { ...known, subject, response } as unknown as Requests[Name];
}
