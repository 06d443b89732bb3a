import { present } from '@florin/kernel';
import { laneFields } from '@florin/messaging';
import {
  duration,
  json,
  readConfig,
  serviceFields,
  text,
  url,
  type Environment,
} from '@florin/runtime';
import { z } from 'zod';

const keys = z
  .record(z.string(), z.string())
  .refine((ofService) => Object.keys(ofService).length > 0, { error: 'must hold a key' });

/** Without these there is nothing to score. It believes everybody else whose key it is given. */
const needed = { fraud: keys, gateway: keys, ledger: keys, identity: keys };
const keysByService = z.object(needed).catchall(keys);

export const readFraudConfig = (env?: Environment) =>
  readConfig(
    {
      ...serviceFields,
      ...laneFields,
      postgresUrl: url('POSTGRES_URL', { describe: 'database of fraud scoring' }),
      signingKeys: json('SIGNING_KEYS', keysByService, {
        secret: true,
        describe: 'HMAC keys by service and key id: its own, and of all whose words it believes',
      }),
      leaseMs: duration('LEASE', {
        default: 5_000,
        describe: 'after this long without a sign of life others take the partitions over',
      }),
      model: text('MODEL', {
        optional: true,
        describe: 'folder of the model that decides; absent: the one that comes along',
      }),
      challengers: text('CHALLENGERS', {
        optional: true,
        describe: 'folders of models that only look on, separated by commas',
      }),
      snapshotEveryMs: duration('SNAPSHOT_INTERVAL', {
        default: 60_000,
        describe: 'how often the profiles are stored, at the least',
      }),
      parkAfterMs: duration('PARK_AFTER', {
        default: 30 * 24 * 3_600_000,
        describe: 'profiles idle for longer are kept in the database only',
      }),
      keepDecisionsMs: duration('DECISIONS_KEPT', {
        default: 400 * 24 * 3_600_000,
        describe: 'decisions are deleted after so long, but for those that somebody reported',
      }),
    },
    env,
  );

export type FraudConfig = ReturnType<typeof readFraudConfig>;

/** The key to sign with: of two that are valid while keys rotate, the one named last. */
export function ownSigningKey({ signingKeys }: Pick<FraudConfig, 'signingKeys'>) {
  const [kid, key] = present(Object.entries(signingKeys.fraud).at(-1), 'key of fraud');
  return { kid, key };
}

/** The folders named in one text, separated by commas. */
export const foldersOf = (list: string | undefined): string[] =>
  (list ?? '')
    .split(',')
    .map((folder) => folder.trim())
    .filter((folder) => folder !== '');
