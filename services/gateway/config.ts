import { laneFields } from '@florin/messaging';
import {
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

const keys = z
  .record(z.string(), z.string())
  .refine((byId) => Object.keys(byId).length > 0, { error: 'must hold a key' });

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
      issuer: text('TOKEN_ISSUER', {
        default: 'florin',
        describe: 'the claim iss that access tokens must have',
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
