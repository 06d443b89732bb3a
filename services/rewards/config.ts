import { laneFields } from '@florin/messaging';
import {
  duration,
  integer,
  json,
  readConfig,
  serviceFields,
  url,
  type Environment,
} from '@florin/runtime';
import { z } from 'zod';
import { TAKE_BACK_PAUSES_MS } from './domain/take-back-refusal.ts';

const keys = z.record(z.string(), z.string());
const keysByService = z.object({ rewards: keys, ledger: keys, identity: keys });

/** Everything that rewards can be told from outside. */
export const readRewardsConfig = (env?: Environment) =>
  readConfig(
    {
      ...serviceFields,
      ...laneFields,
      postgresUrl: url('POSTGRES_URL', { describe: 'database of rewards' }),
      signingKeys: json('SIGNING_KEYS', keysByService, {
        secret: true,
        describe: 'HMAC keys by service and key id: its own, the ledger’s and identity’s',
      }),
      pollMs: duration('POLL_INTERVAL', {
        default: 1_000,
        describe: 'how often to look for what is due',
      }),
      claimMs: duration('CLAIM', {
        default: 30_000,
        describe: 'time that the ledger has to decide before it is asked what became of an order',
      }),
      concurrency: integer('CONCURRENCY', {
        default: 64,
        min: 1,
        describe: 'orders under way at the same time',
      }),
      takeBackPausesMs: json('TAKE_BACK_PAUSES', z.array(z.number().int().min(1)), {
        default: [...TAKE_BACK_PAUSES_MS],
        describe: 'pauses after what could not be taken back, in milliseconds, as a JSON list',
      }),
    },
    env,
  );

export type RewardsConfig = ReturnType<typeof readRewardsConfig>;
