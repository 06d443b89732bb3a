import { busFields } from '@florin/messaging';
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

const keysByService = z.record(z.string(), z.record(z.string(), z.string()));

/** Everything that the auditor can be told from outside. */
export const readAuditorConfig = (env?: Environment) =>
  readConfig(
    {
      ...serviceFields,
      ...busFields,
      postgresUrl: url('POSTGRES_URL', { describe: 'database of the auditor' }),
      signingKeys: json('SIGNING_KEYS', keysByService, {
        secret: true,
        describe: 'HMAC keys by service and key id: of all whose events are written down',
      }),
      auditKey: secret('AUDIT_KEY', {
        describe: 'signs the roots: seed of an Ed25519 key, 32 bytes in base64url',
      }),
      earlierKeys: json('AUDIT_EARLIER_KEYS', z.array(z.string()), {
        default: [],
        describe: 'public keys of roots that were signed before, as a JSON list of base64url',
      }),
      rootIntervalMs: duration('ROOT_INTERVAL', {
        default: 10_000,
        describe: 'how often a root is signed, where anything has happened',
      }),
      rootRecordsMax: integer('ROOT_RECORDS', {
        default: 5_000,
        min: 1,
        describe: 'a root is signed before its time after so many records: a proof lists them',
      }),
      leaseMs: duration('LEASE', {
        default: 5000,
        describe: 'after this long without a sign of life others take the streams over',
      }),
    },
    env,
  );

export type AuditorConfig = ReturnType<typeof readAuditorConfig>;
