import { PARTITIONS_DEFAULT } from '@florin/contracts';
import { integer, urls } from '@florin/runtime';

/** The settings of every service that is connected; a config.ts spreads them into its own. */
export const busFields = {
  natsUrl: urls('NATS_URL', { describe: 'nats-server, or several separated by commas' }),
};

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
