import { faultText } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import { unseal, type Logger } from '@florin/runtime';
import type { AccountLinker } from './adapters/account-linker.ts';
import { linkedSecrets, sealLabelOf } from './read-reference.ts';
import { findForgettable, forgetLinkedAccount } from './sql/linked-accounts.ts';

interface ForgetDeps {
  db: Database['slonik'];
  linker: AccountLinker;
  key: Buffer;
  log: Logger;
  /** How long a removed account is kept: a payment may be about to be written down. */
  afterMs: number;
}

/**
 * Ends the links of accounts that were removed, at the provider first, then here. What fails is
 * found again by the next look; ending one twice changes nothing.
 */
export function createForgetAccounts({ db, linker, key, log, afterMs }: ForgetDeps) {
  return async function forgetAccounts(): Promise<void> {
    for (const { id, sealed } of await findForgettable(db, afterMs)) {
      try {
        const opened = unseal(key, sealLabelOf(id), sealed).toString();
        await linker.remove(linkedSecrets.parse(JSON.parse(opened)).access_token);
        await forgetLinkedAccount(db, id);
      } catch (error) {
        log.warn({ linkedAccountId: id, reason: faultText(error) }, 'a link has not ended yet');
      }
    }
  };
}
