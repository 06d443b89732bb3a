import { createLogger } from '@florin/runtime';
import type { OpenBanksOptions } from '../adapters/open-banks.ts';
import { createProviderNotes } from '../adapters/provider-notes.ts';

/** What banks of our own protocol never use, while they are asked for accounts as they are. */
export const PLAIN_BANKS: Pick<
  OpenBanksOptions,
  'apiKeyOf' | 'notes' | 'readReference' | 'log' | 'nowMs'
> = {
  log: createLogger('banking', 'silent'),
  nowMs: Date.now,
  apiKeyOf: () => '',
  notes: createProviderNotes(undefined as never),
  readReference: async () => undefined,
};
