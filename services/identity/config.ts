import { busFields } from '@florin/messaging';
import {
  choice,
  duration,
  flag,
  json,
  readConfig,
  secret,
  serviceFields,
  text,
  url,
  type Environment,
} from '@florin/runtime';
import { z } from 'zod';
import { seedClients, seedUsers } from './seed-accounts.ts';

const DAY_MS = 24 * 3_600_000;
const keys = z
  .record(z.string(), z.string())
  .refine((byId) => Object.keys(byId).length > 0, { error: 'must hold a key' });

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
        default: 30 * DAY_MS,
        describe: 'after this time people sign in again',
      }),
      signingKeys: json('SIGNING_KEYS', z.object({ identity: keys }), {
        secret: true,
        describe: 'JSON {"identity": {"<key id>": "<base64url>"}}; the first one signs events',
      }),
      masterKeys: json('MASTER_KEYS', keys, {
        secret: true,
        describe: 'JSON {"<key id>": "<base64url, 32 bytes>"}; the first wraps, all unwrap',
      }),
      indexKey: secret('BLIND_INDEX_KEY', {
        describe: 'base64url, 32 bytes: finds e-mails; changing it loses all accounts',
      }),
      keyRotationMs: duration('SIGNING_KEY_ROTATION', {
        default: 30 * DAY_MS,
        describe: 'how old the key of access tokens gets before the next one follows',
      }),
      emailVerification: choice('EMAIL_VERIFICATION', ['optional', 'required'], {
        default: 'optional',
        describe: 'required: who has not verified the e-mail can look but not pay',
      }),
      webUrl: url('WEB_URL', {
        default: 'http://localhost',
        describe: 'where the links of letters lead',
      }),
      stepUpMs: duration('STEP_UP_AFTER', {
        default: 600_000,
        describe: 'how long after its proof of identity a session may do what is risky',
      }),
      erasureWaitMs: duration('ERASURE_WAIT', {
        default: 14 * DAY_MS,
        describe: 'between the wish to be erased and the erasure; 0 erases at once',
      }),
      lettersReadable: flag('LETTERS_READABLE', {
        default: false,
        describe: 'operators may read letters, whose links open accounts: for development only',
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
