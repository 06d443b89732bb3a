import { present } from '@florin/kernel';
import { laneFields } from '@florin/messaging';
import {
  type BreakerOptions,
  ConfigurationError,
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
import type { BankBreakerOptions } from './adapters/bank.ts';
import { bankAddresses } from './adapters/bank-directory.ts';
import { SPREADS_DEFAULT, spreads } from './domain/spreads.ts';
import { POLICY_DEFAULT, type PaymentPolicy } from './domain/policy.ts';

const keys = z
  .record(z.string(), z.string())
  .refine((ofService) => Object.keys(ofService).length > 0, { error: 'must hold a key' });
/** Banking signs as itself, and listens to the ledger and to identity; others are ignored. */
const keysByService = z.object({ banking: keys, ledger: keys, identity: keys });

/** Two secrets of webhooks are good while one takes the place of the other. */
const providerSecrets = z.record(
  z.string(),
  z.object({ apiKey: z.string().min(1), webhookSecrets: z.array(z.string().min(1)).max(2) }),
);

const readFields = (env?: Environment) =>
  readConfig(
    {
      ...serviceFields,
      ...laneFields,
      postgresUrl: url('POSTGRES_URL', { describe: 'database of banking' }),
      signingKeys: json('SIGNING_KEYS', keysByService, {
        secret: true,
        describe: 'HMAC keys by service and key id: of banking, of the ledger and of identity',
      }),
      banks: json('BANKS', bankAddresses, {
        optional: true,
        describe:
          'JSON list of {name, url}, or {name, provider: "stripe"}; absent asks ' +
          'BANK_DIRECTORY_URL at the start',
      }),
      bankSecrets: json('BANK_SECRETS', providerSecrets, {
        default: {},
        secret: true,
        describe: 'of each provider: {"<bank>": {"apiKey", "webhookSecrets": []}}',
      }),
      linkingUrl: url('LINKING_URL', {
        optional: true,
        describe: 'where people prove which bank accounts are theirs; absent: none is linked',
      }),
      linkingSecret: secret('LINKING_SECRET', {
        optional: true,
        describe: 'what the provider of links knows us by',
      }),
      secretsKey: secret('SECRETS_KEY', {
        describe: 'seals what banks know linked accounts by: 32 bytes in base64url',
      }),
      bankDirectoryUrl: url('BANK_DIRECTORY_URL', {
        optional: true,
        describe: 'where the list of banks is read when BANKS is absent',
      }),
      bankConcurrency: integer('BANK_CONCURRENCY', {
        default: 64,
        min: 1,
        describe: 'payments in work at one bank at the same time',
      }),
      connectTimeoutMs: duration('BANK_CONNECT_TIMEOUT', {
        default: 500,
        describe: 'time a bank has to accept a connection',
      }),
      requestTimeoutMs: duration('BANK_REQUEST_TIMEOUT', {
        default: 2_000,
        describe: 'time a bank has to answer; then its status tells what it did',
      }),
      breakerResetMs: duration('BREAKER_RESET', {
        default: 5_000,
        describe: 'how long a bank that keeps failing is left alone before one call tries again',
      }),
      breakerVolume: integer('BREAKER_VOLUME', {
        default: 10,
        min: 1,
        describe: 'calls within 10 s below which no breaker opens',
      }),
      breakerErrorPercent: integer('BREAKER_ERROR_PERCENT', {
        default: 50,
        min: 1,
        max: 100,
        describe: 'share of failed calls above which a breaker opens',
      }),
      ratesUrl: url('RATES_URL', {
        optional: true,
        describe: 'where exchange rates are published; absent: nothing is converted',
      }),
      ratesRefreshMs: duration('RATES_REFRESH', {
        default: 10_000,
        describe: 'how often exchange rates are asked for',
      }),
      ratesAgeMsMax: duration('RATES_MAX_AGE', {
        default: 120_000,
        describe: 'exchange rates that were published longer ago are refused',
      }),
      spreads: json('FX_SPREADS', spreads, {
        default: SPREADS_DEFAULT,
        describe: 'basis points kept of a conversion: {"default": 50, "pairs": {"USD-EUR": 25}}',
      }),
      quoteMs: duration('QUOTE_TIME', {
        default: 30_000,
        describe: 'how long a promised rate is good',
      }),
      depositDeadlineMs: duration('DEPOSIT_DEADLINE', {
        default: POLICY_DEFAULT.deadlineMs.charge ?? 0,
        describe: 'after this a deposit that no bank has seen is no longer tried',
      }),
      withdrawalDeadlineMs: duration('WITHDRAWAL_DEADLINE', {
        optional: true,
        describe: 'the same for withdrawals; absent: they wait for their bank for ever',
      }),
      claimMs: duration('CLAIM_TIME', {
        default: 5_000,
        describe: 'after this others take over the payments of a process that died',
      }),
      statementPollMs: duration('STATEMENT_POLL', {
        default: 60_000,
        describe: 'how often banks are asked for statements, and compared with the books',
      }),
      statementToleranceMs: duration('STATEMENT_TOLERANCE', {
        default: 900_000,
        describe: 'how much later the other side may book before it counts as missing',
      }),
      pollMs: duration('POLL_INTERVAL', {
        default: 1_000,
        describe: 'how often to look for what other processes left behind',
      }),
    },
    env,
  );

export type BankingConfig = ReturnType<typeof readFields>;

/**
 * Everything banking can be told from outside.
 * @throws ConfigurationError when a setting is wrong or nothing says where the banks are
 */
export function readBankingConfig(env?: Environment): BankingConfig {
  const config = readFields(env);
  const { banks, bankDirectoryUrl, bankSecrets, linkingUrl } = config;
  const providers = (banks ?? []).filter((bank) => 'provider' in bank).map(({ name }) => name);
  const problems = [
    ...(banks === undefined && bankDirectoryUrl === undefined
      ? ['BANKS: missing, and BANK_DIRECTORY_URL too (where the banks are)']
      : []),
    ...providers
      .filter((name) => bankSecrets[name] === undefined)
      .map((name) => `BANK_SECRETS: holds none of ${name}`),
    ...(providers.length > 0 && linkingUrl === undefined
      ? [`LINKING_URL: missing, and ${providers.join(', ')} pays linked accounts only`]
      : []),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return config;
}

/** The key to sign with: of two that are valid while keys rotate, the one named last. */
export function ownSigningKey({ signingKeys }: BankingConfig): { kid: string; key: string } {
  const [kid, key] = present(Object.entries(signingKeys.banking).at(-1), 'key of banking');
  return { kid, key };
}

/** Seals what banks know linked accounts by. */
export const sealingKeyOf = ({ secretsKey }: BankingConfig): Buffer =>
  Buffer.from(secretsKey, 'base64url');

export const breakerOf = (config: BankingConfig): BankBreakerOptions => ({
  // The request's own limit comes first, because it says more; this one is for what it misses.
  timeoutMs: config.requestTimeoutMs + 500,
  errorThresholdPercentage: config.breakerErrorPercent,
  volumeThreshold: config.breakerVolume,
  resetTimeoutMs: config.breakerResetMs,
});

/** Rates are asked for rarely: three calls a minute that fail are enough to leave it alone. */
export const exchangeBreakerOf = (config: BankingConfig): BreakerOptions => ({
  ...breakerOf(config),
  volumeThreshold: Math.min(3, config.breakerVolume),
  windowMs: 60_000,
});

/** The settings as the domain knows them. */
export const policyOf = (config: BankingConfig): PaymentPolicy => ({
  ...POLICY_DEFAULT,
  // Nothing is under way any longer than a request may take, with room for slow networks.
  inFlightMsMax: Math.max(POLICY_DEFAULT.inFlightMsMax, 5 * config.requestTimeoutMs),
  deadlineMs: { charge: config.depositDeadlineMs, payout: config.withdrawalDeadlineMs ?? null },
});
