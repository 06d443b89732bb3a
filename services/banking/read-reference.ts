import { isUuid, RetryableError } from '@florin/kernel';
import { isTransient, type Database } from '@florin/postgres';
import { unseal } from '@florin/runtime';
import { z } from 'zod';
import { accountReference, type ReadReference } from './adapters/account-reference.ts';
import { BankFault } from './adapters/bank-fault.ts';
import { findSealed } from './sql/linked-accounts.ts';

/** What a linked account is sealed under: it opens nowhere else. */
export const sealLabelOf = (id: string): string => `linked-account:${id}`;

export const linkedSecrets = z.object({
  access_token: z.string(),
  reference: accountReference,
});

interface ReferenceDeps {
  db: Database['slonik'];
  key: Buffer;
  /** Whose wallet it is; undefined for one that nobody knows. @throws RetryableError */
  ownerOfWallet(walletId: string): Promise<string | undefined>;
}

/**
 * Opens what a bank knows a linked account by: for the wallets of whoever has linked it, and for
 * nobody else's. One that was removed is opened no more, but for payments that were asked for.
 */
export function createReadReference({ db, key, ownerOfWallet }: ReferenceDeps): ReadReference {
  async function read(...[order, wanted]: Parameters<ReadReference>) {
    if (!isUuid(order.account)) return undefined;
    const found = await findSealed(db, order.account, order.bank);
    if (found === null || found.sealed === null) return undefined;
    if (found.removed && wanted === 'to-pay') return undefined;
    if ((await ownerOfWallet(order.walletId)) !== found.ownerId) return undefined;
    const opened = unseal(key, sealLabelOf(order.account), found.sealed);
    return linkedSecrets.parse(JSON.parse(opened.toString())).reference;
  }

  return (order, wanted) =>
    read(order, wanted).catch((error: unknown) => {
      if (!(error instanceof RetryableError) && !isTransient(error)) throw error;
      throw new BankFault('a linked account can not be read now', false, { cause: error });
    });
}
