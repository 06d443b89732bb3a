import { LEDGER_REQUESTS } from '@florin/contracts';
import type { Currency } from '@florin/kernel';
import { request, type Bus } from '@florin/messaging';

/** Nobody has more wallets in one currency than fit a page. */
const WALLETS_MAX = 100;

/** Where to pay somebody in a currency. */
export type FindWallet = (userId: string, currency: Currency) => Promise<string | undefined>;

/** A person's oldest open wallet in a currency, as a transfer to their e-mail finds it, too. */
export const createFindWallet =
  (bus: Bus): FindWallet =>
  async (ownerId, currency) => {
    const question = { ownerId, currency, limit: WALLETS_MAX };
    const { items } = await request(bus, LEDGER_REQUESTS.listWallets, question);
    return items.findLast(({ status }) => status === 'active')?.id;
  };
