import { readConfig, text, url } from '@florin/runtime';

export const config = () =>
  readConfig({
    ownerUrl: url('POSTGRES_OWNER_URL', {
      describe: 'database of the ledger, as its owner: the ledger itself makes and drops no table',
    }),
    directory: text('ARCHIVE_DIR', { describe: 'folder where months of entries are archived' }),
  });
