import type { Transaction, transactionsQuery } from '@florin/contracts';
import { isUuid } from '@florin/kernel';
import type { z } from 'zod';
import type { Identity } from './adapters/identity.ts';
import type { Ledger } from './adapters/ledger.ts';

interface SearchDeps {
  identity: Pick<Identity, 'findUserByEmail'>;
  ledger: Pick<Ledger, 'listTransactions' | 'listWallets'>;
}

/** Whose transactions are searched: of some wallets, of a person's, of all there are. */
export interface SearchScope {
  walletIds?: string[];
  ownerId?: string;
}

export type SearchQuery = Omit<z.output<typeof transactionsQuery>, 'walletId'>;

const WALLETS_MAX = 100;
const EMAIL = /^\S+@\S+\.\S+$/;

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is undefined. */
const given = <T extends object>(values: T): Given<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;

const minorTextOf = (amount: bigint | undefined): string | undefined =>
  amount === undefined ? undefined : String(amount);

/**
 * Searches transactions in the books themselves, so that what was acknowledged is found at once.
 * An e-mail address stands for the wallets of whoever has it. Whether anybody has it is not told:
 * only what passed between those wallets and the ones that are searched is found.
 */
export function createSearchTransactions({ identity, ledger }: SearchDeps) {
  async function walletsOfAddress(email: string): Promise<string[]> {
    const { user } = await identity.findUserByEmail({ email: email.toLowerCase() });
    if (user === null) return [];
    const { items } = await ledger.listWallets({ ownerId: user.id, limit: WALLETS_MAX });
    return items.map(({ id }) => id);
  }

  /** The wallets that a text names. None for most texts. */
  const walletsNamed = async (text: string): Promise<string[]> => {
    if (isUuid(text)) return [text];
    return EMAIL.test(text) ? walletsOfAddress(text) : [];
  };

  return async (
    scope: SearchScope,
    { limit, cursor, counterparty, text, minAmount, maxAmount, ...filter }: SearchQuery,
  ): Promise<{ items: Transaction[]; nextCursor: string | null }> => {
    const [counterpartyIds, textWalletIds] = await Promise.all([
      counterparty === undefined ? undefined : walletsNamed(counterparty),
      text === undefined ? undefined : walletsNamed(text.trim()),
    ]);
    const amounts = { minAmount: minorTextOf(minAmount), maxAmount: minorTextOf(maxAmount) };
    const words = { text, textWalletIds, counterpartyIds };
    return ledger.listTransactions({
      ...scope,
      filter: given({ ...filter, ...amounts, ...words }),
      limit,
      ...given({ cursor }),
    });
  };
}

export type SearchTransactions = ReturnType<typeof createSearchTransactions>;
