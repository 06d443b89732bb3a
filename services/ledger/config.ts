import { laneFields } from '@florin/messaging';
import { duration, json, readConfig, serviceFields, url } from '@florin/runtime';
import { z } from 'zod';

const signingKeys = z.record(z.string(), z.record(z.string(), z.string()));

export const config = () =>
  readConfig({
    ...serviceFields,
    ...laneFields,
    postgresUrl: url('POSTGRES_URL', { describe: 'database of the ledger' }),
    signingKeys: json('SIGNING_KEYS', signingKeys, {
      secret: true,
      describe: 'HMAC keys by service and key id',
    }),
    reviewForMs: duration('REVIEW_EXPIRES', {
      default: 72 * 3_600_000,
      describe: 'after this long without a verdict a transaction under review is declined',
    }),
    leaseMs: duration('LEASE', {
      default: 5000,
      describe: 'after this long without a sign of life others take the partitions over',
    }),
  });
