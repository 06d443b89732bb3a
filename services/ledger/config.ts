import { shardMap } from '@florin/contracts';
import { laneFields } from '@florin/messaging';
import { isCurrency } from '@florin/kernel';
import { duration, integer, json, readConfig, serviceFields, text, url } from '@florin/runtime';
import { z } from 'zod';
import { APPROVE_LIMITS, type ApproveLimits } from './domain/amount-policy.ts';

const signingKeys = z.record(z.string(), z.record(z.string(), z.string()));

const approveLimits = z
  .record(z.string(), z.coerce.bigint().nonnegative())
  .refine((limits) => Object.keys(limits).every(isCurrency), { error: 'must name currencies' })
  .transform((limits): ApproveLimits => limits);

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
    watchdogDeadlineMs: duration('WATCHDOG_DEADLINE', {
      default: 1000,
      describe: 'after this long without a score the amount of an order decides',
    }),
    approveLimits: json('WATCHDOG_APPROVE_LIMITS', approveLimits, {
      default: APPROVE_LIMITS,
      describe: 'amounts that may move without a score, in minor units by currency',
    }),
    shard: integer('SHARD', {
      default: 0,
      describe: 'which shard of the books this process keeps, where there are several',
    }),
    shardMap: json('SHARD_MAP', shardMap, {
      optional: true,
      describe: 'the shard of each partition: {"version":1,"partitions":[0,1,…]}',
    }),
    archiveDirectory: text('ARCHIVE_DIR', {
      optional: true,
      describe: 'folder with the archived months of entries',
    }),
    leaseMs: duration('LEASE', {
      default: 5000,
      describe: 'after this long without a sign of life others take the partitions over',
    }),
  });
