import { duration, json, readConfig, serviceFields, text, url } from '@florin/runtime';
import { seedClients, seedUsers } from './seed-accounts.ts';

/** Everything identity can be told from outside. */
export const config = () =>
  readConfig({
    ...serviceFields,
    postgresUrl: url('POSTGRES_URL', { describe: 'the database of identity' }),
    natsUrl: text('NATS_URL', { describe: 'nats-servers, separated by commas' }),
    tokenIssuer: text('TOKEN_ISSUER', {
      default: 'florin',
      describe: 'the claim iss of access tokens; the gateway expects the same',
    }),
    sessionLifetimeMs: duration('SESSION_LIFETIME', {
      default: 30 * 24 * 3_600_000,
      describe: 'people sign in again after this time',
    }),
    seedUsers: json('SEED_USERS', seedUsers, {
      default: [],
      secret: true,
      describe: 'users to create at the start: the first operator',
    }),
    seedClients: json('SEED_CLIENTS', seedClients, {
      default: [],
      secret: true,
      describe: 'machine clients to create or update at the start',
    }),
  });
