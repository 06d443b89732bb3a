import { PARTITIONS_DEFAULT } from '@florin/contracts';
import { integer, secret, text, urls, type ConfigOf } from '@florin/runtime';

/** The settings of every service that is connected; a config.ts spreads them into its own. */
export const busFields = {
  natsUrl: urls('NATS_URL', { describe: 'nats-server, or several separated by commas' }),
  natsNkey: secret('NATS_NKEY', {
    optional: true,
    describe: 'seed of this service’s own user (SU…); none where the server asks for none',
  }),
  natsCaFile: text('NATS_CA_FILE', {
    optional: true,
    describe: 'authority that signed the server’s certificate, PEM',
  }),
  natsCertFile: text('NATS_CERT_FILE', { optional: true, describe: 'our certificate, PEM' }),
  natsKeyFile: text('NATS_KEY_FILE', { optional: true, describe: 'its key, PEM' }),
};

export type BusConfig = ConfigOf<typeof busFields>;

/** Those of services that read or write lanes. */
export const laneFields = {
  ...busFields,
  partitions: integer('PARTITIONS', {
    default: PARTITIONS_DEFAULT,
    min: 1,
    max: 1024,
    describe: 'number of lanes, fixed for the life of an installation',
  }),
};
