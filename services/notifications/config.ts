import { busFields } from '@florin/messaging';
import {
  duration,
  flag,
  integer,
  json,
  readConfig,
  secret,
  serviceFields,
  url,
  type Environment,
} from '@florin/runtime';
import { z } from 'zod';
import { RETRY_SCHEDULE_MS } from './domain/retry-schedule.ts';

const keysByService = z.object({ ledger: z.record(z.string(), z.string()) });

/** Everything that notifications can be told from outside. */
export const readNotificationsConfig = (env?: Environment) =>
  readConfig(
    {
      ...serviceFields,
      ...busFields,
      postgresUrl: url('POSTGRES_URL', { describe: 'database of notifications' }),
      signingKeys: json('SIGNING_KEYS', keysByService, {
        secret: true,
        describe: 'HMAC keys by service and key id: of the ledger, whose events are told',
      }),
      secretsKey: secret('SECRETS_KEY', {
        describe: 'seals the secrets of webhooks: 32 bytes in base64url',
      }),
      allowPrivate: flag('WEBHOOKS_ALLOW_PRIVATE', {
        default: false,
        describe: 'lets webhooks reach http and internal addresses: for development only',
      }),
      webhooksMax: integer('WEBHOOKS_MAX', {
        default: 20,
        min: 1,
        describe: 'webhooks that one owner may have',
      }),
      deliveryTimeoutMs: duration('WEBHOOK_TIMEOUT', {
        default: 10_000,
        describe: 'time a receiver has to answer',
      }),
      deliveryConcurrency: integer('WEBHOOK_CONCURRENCY', {
        default: 64,
        min: 1,
        describe: 'deliveries under way at the same time, at most four of them to one webhook',
      }),
      retrySchedule: json('WEBHOOK_RETRIES', z.array(z.number().int().min(1)), {
        default: [...RETRY_SCHEDULE_MS],
        describe: 'pauses after each failed attempt, in milliseconds, as a JSON list',
      }),
      pollMs: duration('POLL_INTERVAL', {
        default: 1_000,
        describe: 'how often to look for deliveries that are due',
      }),
    },
    env,
  );

export type NotificationsConfig = ReturnType<typeof readNotificationsConfig>;
