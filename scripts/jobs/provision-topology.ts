// Brings the streams and buckets of JetStream up to date and ends: a job of every installation and
// upgrade. Only it may create or change streams.
import { busFields, connect, provision, PROVISION_USER } from '@florin/messaging';
import { createLogger, integer, readConfig } from '@florin/runtime';

const config = readConfig({
  ...busFields,
  replicas: integer('STREAM_REPLICAS', {
    default: 1,
    min: 1,
    max: 5,
    describe: 'copies of each stream: 3 in a cluster',
  }),
});
const log = createLogger('provision-topology', 'info');
await using bus = await connect({
  url: config.natsUrl,
  name: PROVISION_USER,
  ...(config.natsNkey !== undefined && { nkeySeed: config.natsNkey }),
  log,
});
const changes = await provision(bus, { replicas: config.replicas });
for (const change of changes) log.info(change);
log.info({ changes: changes.length }, 'the streams are up to date');
