import { PARTITIONS_DEFAULT } from '@florin/contracts';
import { duration, integer, json, readConfig, serviceFields, text, url } from '@florin/runtime';
import { z } from 'zod';

const signingKeys = z.record(z.string(), z.record(z.string(), z.string()));

export const config = () =>
  readConfig({
    ...serviceFields,
    postgresUrl: url('POSTGRES_URL', { describe: 'database of the ledger' }),
    natsUrl: text('NATS_URL', { describe: 'nats-server, or several separated by commas' }),
    signingKeys: json('SIGNING_KEYS', signingKeys, {
      secret: true,
      describe: 'HMAC keys by service and key id',
    }),
    partitions: integer('PARTITIONS', {
      default: PARTITIONS_DEFAULT,
      min: 1,
      max: 1024,
      describe: 'number of lanes, fixed for the life of an installation',
    }),
    leaseMs: duration('LEASE', {
      default: 5000,
      describe: 'after this long without a sign of life others take the partitions over',
    }),
  });
