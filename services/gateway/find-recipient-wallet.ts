import type { Currency } from '@florin/kernel';
import type { Identity } from './adapters/identity.ts';
import type { Ledger } from './adapters/ledger.ts';

interface RecipientDeps {
  identity: Pick<Identity, 'findUserByEmail'>;
  ledger: Pick<Ledger, 'listWallets'>;
}

const WALLETS_MAX = 100;

/**
 * The wallet that money for an e-mail address goes to: of that person's open wallets in the
 * currency the oldest, so that opening another one never redirects payments. Undefined when there
 * is no such person or wallet.
 */
export function createFindRecipientWallet({ identity, ledger }: RecipientDeps) {
  return async (email: string, currency: Currency): Promise<string | undefined> => {
    const { user } = await identity.findUserByEmail({ email });
    if (user === null) return undefined;
    const { items } = await ledger.listWallets({ ownerId: user.id, currency, limit: WALLETS_MAX });
    return items.findLast((wallet) => wallet.status !== 'closed')?.id;
  };
}

export type FindRecipientWallet = ReturnType<typeof createFindRecipientWallet>;
