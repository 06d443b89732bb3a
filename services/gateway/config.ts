import { isCustomAsset, parseRate, type CustomAsset } from '@florin/kernel';
import { laneFields } from '@florin/messaging';
import {
  choice,
  duration,
  flag,
  integer,
  json,
  readConfig,
  secret,
  serviceFields,
  text,
  url,
  type Environment,
} from '@florin/runtime';
import { z } from 'zod';
import { BUDGETS } from './domain/rate-plan.ts';

const keys = z
  .record(z.string(), z.string())
  .refine((byId) => Object.keys(byId).length > 0, { error: 'must hold a key' });

const requests = z.number().int().positive().nullable();

/** The code says how many decimals it has, which can never change. */
const customAsset = z.strictObject({
  code: z.custom<CustomAsset>((code) => typeof code === 'string' && isCustomAsset(code), {
    error: 'must be a code with its decimals such as MILES/0',
  }),
  name: z.string().min(1).max(60),
  unitsPerDollar: z.string().refine((told) => parseRate(told).ok, { error: 'must be a decimal' }),
});

/** Each budget that is not named keeps what it is by default. */
const ratePlan = z.strictObject({
  anonymous: requests.default(BUDGETS.anonymous),
  user: requests.default(BUDGETS.user),
  premium: requests.default(BUDGETS.premium),
  machine: requests.default(BUDGETS.machine),
  wallet: requests.default(BUDGETS.wallet),
});

export const readGatewayConfig = (env: Environment = process.env) =>
  readConfig(
    {
      ...serviceFields,
      ...laneFields,
      port: integer('PORT', { default: 0, max: 65_535, describe: 'the API; 0 takes any port' }),
      publicUrl: url('PUBLIC_URL', {
        optional: true,
        describe: 'where clients reach the API; the own address unless given',
      }),
      postgresUrl: url('POSTGRES_URL', { describe: 'the database of the gateway' }),
      signingKeys: json('SIGNING_KEYS', z.object({ gateway: keys }), {
        secret: true,
        describe: 'JSON {"gateway": {"<key id>": "<base64url>"}}; the first one signs',
      }),
      contextKey: secret('CONTEXT_KEY', {
        describe: 'base64url, 32 bytes or more: what devices and addresses are known by',
      }),
      trustGeo: flag('TRUST_GEO_HEADER', {
        default: false,
        describe: 'believes X-Geo of anybody, because a proxy of ours writes it',
      }),
      trustedProxies: integer('TRUSTED_PROXIES', {
        default: 0,
        max: 10,
        describe: 'proxies of ours before the gateway that write X-Forwarded-For',
      }),
      corsOrigins: json('CORS_ORIGINS', z.array(z.url()), {
        default: [],
        describe: 'sites whose pages may call the API from a browser, JSON ["https://…"]',
      }),
      rateLimits: json('RATE_LIMITS', ratePlan, {
        default: BUDGETS,
        describe: 'requests a minute by budget, null for no limit: {"user": 100, …}',
      }),
      redisUrl: url('REDIS_URL', {
        optional: true,
        describe: 'Redis or Valkey, where all gateways count together',
      }),
      readCache: choice('READ_CACHE', ['off', 'own', 'shared'], {
        default: 'off',
        describe: 'own: this gateway is the only one; shared: all agree in Redis what is over',
      }),
      customAssets: json('CUSTOM_ASSETS', z.array(customAsset).max(200), {
        default: [],
        describe:
          'assets of our own: [{"code": "MILES/0", "name": "Miles", "unitsPerDollar": "100"}]',
      }),
      issuer: text('TOKEN_ISSUER', {
        default: 'florin',
        describe: 'the claim iss that access tokens must have',
      }),
      stepUpMs: duration('STEP_UP_AFTER', {
        default: 600_000,
        describe: 'how long after a proof of identity nothing more is asked; identity has the same',
      }),
      stepUpAmount: integer('STEP_UP_AMOUNT', {
        default: 1_000_000,
        describe:
          'US cents, or as much in another currency, from which a withdrawal wants a fresh proof',
      }),
      bulkFileBytesMax: integer('BULK_FILE_BYTES_MAX', {
        default: 1_073_741_824,
        min: 1,
        describe: 'size of an uploaded file of payments; a million lines are about 200 MB',
      }),
      inFlightMax: integer('MAX_IN_FLIGHT', {
        default: 4096,
        min: 1,
        describe: 'transactions that may wait for their outcome at once',
      }),
      walletsMax: integer('WALLET_CACHE', {
        default: 50_000,
        min: 100,
        describe: 'wallets whose owner and currency are remembered',
      }),
      slowMs: duration('SLOW_REQUEST', {
        default: 10_000,
        describe: 'requests that take longer are logged',
      }),
    },
    env,
  );

export type GatewayConfig = ReturnType<typeof readGatewayConfig>;
