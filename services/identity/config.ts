import { busFields } from '@florin/messaging';
import {
  duration,
  json,
  readConfig,
  serviceFields,
  text,
  url,
  type Environment,
} from '@florin/runtime';
import { seedClients, seedUsers } from './seed-accounts.ts';

const THIRTY_DAYS_MS = 30 * 24 * 3_600_000;

export const readIdentityConfig = (env: Environment = process.env) =>
  readConfig(
    {
      ...serviceFields,
      ...busFields,
      postgresUrl: url('POSTGRES_URL', { describe: 'the database of identity' }),
      issuer: text('TOKEN_ISSUER', {
        default: 'florin',
        describe: 'the claim iss of access tokens; the gateway must expect the same',
      }),
      sessionLifetimeMs: duration('SESSION_LIFETIME', {
        default: THIRTY_DAYS_MS,
        describe: 'after this time people sign in again',
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
    },
    env,
  );
