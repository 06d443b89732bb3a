import { busFields } from '@florin/messaging';
import { readConfig, url } from '@florin/runtime';

export const config = () =>
  readConfig({
    ...busFields,
    sourceUrl: url('SOURCE_OWNER_URL', {
      describe: 'database of the shard that gives the partition, as its owner',
    }),
    targetUrl: url('TARGET_OWNER_URL', {
      describe: 'database of the shard that gets it, as its owner',
    }),
  });
