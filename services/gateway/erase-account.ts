import type { Wallet } from '@florin/contracts';
import type { Identity } from './adapters/identity.ts';
import type { Ledger } from './adapters/ledger.ts';
import type { ChangeWalletStatus } from './change-wallet.ts';
import { isRefusal, refusal, type Refusal } from './domain/refusal.ts';
import { identityRefusal } from './domain/identity-refusal.ts';
import type { OwnSession } from './domain/own-session.ts';

interface EraseAccountDeps {
  identity: Pick<Identity, 'mayErase' | 'eraseUser'>;
  ledger: Pick<Ledger, 'listWallets'>;
  changeWalletStatus: ChangeWalletStatus;
}

const PAGE = 100;

const notEmpty = ({ id, currency }: Wallet): Refusal =>
  refusal('wallet-not-empty', `wallet ${id} still has ${currency} in it, or awaits some`);

/** Every wallet of somebody that is not closed. */
export async function openWalletsOf(
  { listWallets }: Pick<Ledger, 'listWallets'>,
  ownerId: string,
): Promise<Wallet[]> {
  const found: Wallet[] = [];
  let cursor: string | null = null;
  do {
    const question = { ownerId, limit: PAGE, ...(cursor === null ? {} : { cursor }) };
    const page: Awaited<ReturnType<Ledger['listWallets']>> = await listWallets(question);
    found.push(...page.items.filter(({ status }) => status !== 'closed'));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

/**
 * Erases a person. No money may be stranded: whoever owns some is told to move it first, before
 * anything is changed. Empty wallets are closed one by one; the ledger refuses that for one that
 * got money meanwhile, and then nobody is erased and the closed ones stay closed.
 */
export function createEraseAccount({ identity, ledger, changeWalletStatus }: EraseAccountDeps) {
  return async (
    own: OwnSession,
    requestId: string,
  ): Promise<{ eraseAfter: string | null } | Refusal> => {
    const allowed = await identity.mayErase(own);
    if (!allowed.ok) return identityRefusal(allowed);
    const wallets = await openWalletsOf(ledger, own.userId);
    const full = wallets.find(({ balances: { posted, held } }) => posted !== '0' || held !== '0');
    if (full !== undefined) return notEmpty(full);
    for (const wallet of wallets) {
      const change = await changeWalletStatus(wallet.id, 'closed', requestId);
      if (isRefusal(change)) {
        return change.refused === 'wallet-not-empty' ? notEmpty(wallet) : change;
      }
    }
    const erased = await identity.eraseUser(own);
    return erased.ok ? { eraseAfter: erased.eraseAfter } : identityRefusal(erased);
  };
}

export type EraseAccount = ReturnType<typeof createEraseAccount>;
