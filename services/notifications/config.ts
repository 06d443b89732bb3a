import { busFields } from '@florin/messaging';
import {
  duration,
  flag,
  integer,
  json,
  readConfig,
  secret,
  text,
  serviceFields,
  url,
  type Environment,
} from '@florin/runtime';
import { z } from 'zod';
import { MAIL_RETRY_SCHEDULE_MS, RETRY_SCHEDULE_MS } from './domain/retry-schedule.ts';

const keysByService = z.record(z.string(), z.record(z.string(), z.string()));

/** Everything that notifications can be told from outside. */
export const readNotificationsConfig = (env?: Environment) =>
  readConfig(
    {
      ...serviceFields,
      ...busFields,
      postgresUrl: url('POSTGRES_URL', { describe: 'database of notifications' }),
      signingKeys: json('SIGNING_KEYS', keysByService, {
        secret: true,
        describe: 'HMAC keys by service and key id: of all whose events and letters are told',
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
      smtpUrl: secret('SMTP_URL', {
        optional: true,
        describe: 'where mails go: smtp://user:password@host:587, or smtps://',
      }),
      smtpTimeoutMs: duration('SMTP_TIMEOUT', {
        default: 20_000,
        describe: 'time the mail server has for each of its answers',
      }),
      smtpConnections: integer('SMTP_CONNECTIONS', {
        default: 4,
        min: 1,
        describe: 'mails under way at the same time',
      }),
      mailFrom: text('MAIL_FROM', {
        default: 'Florin <no-reply@florin.example>',
        describe: 'whom mails come from',
      }),
      mailFolder: text('MAIL_FOLDER', {
        optional: true,
        describe: 'where SMTP_URL is not given, mails are put here as files: for development only',
      }),
      mailRetries: json('MAIL_RETRIES', z.array(z.number().int().min(1)), {
        default: [...MAIL_RETRY_SCHEDULE_MS],
        describe: 'pauses after each failed attempt at a mail, in milliseconds, as a JSON list',
      }),
      operatorAddress: text('OPERATOR_EMAIL', {
        optional: true,
        describe: 'who is written a digest of what could not be delivered',
      }),
      digestMs: duration('DIGEST_PERIOD', {
        default: 24 * 3_600_000,
        describe: 'how much time one digest is about',
      }),
      pollMs: duration('POLL_INTERVAL', {
        default: 1_000,
        describe: 'how often to look for deliveries and mails that are due',
      }),
    },
    env,
  );

export type NotificationsConfig = ReturnType<typeof readNotificationsConfig>;
