import { laneFields } from '@florin/messaging';
import {
  duration,
  integer,
  json,
  readConfig,
  secret,
  serviceFields,
  url,
  type Environment,
} from '@florin/runtime';
import { z } from 'zod';

const keys = z
  .record(z.string(), z.string())
  .refine((byId) => Object.keys(byId).length > 0, { error: 'must hold a key' });

/** Everything that payments can be told from outside. */
export const readPaymentsConfig = (env?: Environment) =>
  readConfig(
    {
      ...serviceFields,
      ...laneFields,
      postgresUrl: url('POSTGRES_URL', { describe: 'database of payments' }),
      signingKeys: json(
        'SIGNING_KEYS',
        z.object({ payments: keys, ledger: keys, identity: keys }),
        {
          secret: true,
          describe: 'HMAC keys by service and key id: its own, of the ledger and of identity',
        },
      ),
      pollMs: duration('POLL_INTERVAL', {
        default: 1_000,
        describe: 'how often to look for what is due',
      }),
      claimMs: duration('CLAIM_TIME', {
        default: 10_000,
        describe: 'how long a decision is awaited before the same order is sent again',
      }),
      schedulesMax: integer('SCHEDULES_MAX', {
        default: 200,
        min: 1,
        describe: 'planned transfers that go on, of one owner',
      }),
      lateAfterMs: duration('LATE_AFTER', {
        default: 3_600_000,
        describe: 'what is later than that after an outage is missed, where a plan wants it so',
      }),
      secretsKey: secret('SECRETS_KEY', {
        describe: 'seals the e-mails of payment requests: 32 bytes in base64url',
      }),
      requestsOpenMax: integer('REQUESTS_OPEN_MAX', {
        default: 50,
        min: 1,
        describe: 'open payment requests of one person',
      }),
      requestsPerPayerMax: integer('REQUESTS_PER_PAYER_MAX', {
        default: 5,
        min: 1,
        describe: 'of them to the same e-mail',
      }),
      requestsPerDayMax: integer('REQUESTS_PER_DAY_MAX', {
        default: 100,
        min: 1,
        describe: 'payment requests that one person may make in 24 hours',
      }),
      bulkInFlight: integer('BULK_IN_FLIGHT', {
        default: 1_000,
        min: 1,
        describe: 'lines of files that may wait for the ledger at once: lanes are for others too',
      }),
      filesAtOnce: integer('BULK_FILES_AT_ONCE', {
        default: 2,
        min: 1,
        describe: 'files that one process works on at the same time',
      }),
      fileClaimMs: duration('BULK_CLAIM_TIME', {
        default: 30_000,
        describe: 'after how long without a result somebody else takes a file up',
      }),
      filesMax: integer('BULK_FILES_MAX', {
        default: 10,
        min: 1,
        describe: 'files under way, of one owner',
      }),
      filesKeptDays: integer('BULK_FILES_KEPT_DAYS', {
        default: 90,
        min: 1,
        describe: 'how long results can be read after the end',
      }),
    },
    env,
  );

export type PaymentsConfig = ReturnType<typeof readPaymentsConfig>;
