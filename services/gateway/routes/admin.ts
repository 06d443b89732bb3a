import {
  anyWalletsQuery,
  breakersView,
  pageOf,
  reconciliationView,
  walletView,
} from '@florin/contracts';
import type { BankBreakers } from '../adapters/bank-breakers.ts';
import type { Ledger } from '../adapters/ledger.ts';
import { route, type Route } from '../rest/route.ts';

interface AdminRouteDeps {
  ledger: Pick<Ledger, 'verifyBooks' | 'listWallets'>;
  breakers: Pick<BankBreakers, 'list'>;
}

/** All books are read for it. */
const RECONCILIATION_TIMEOUT_MS = 60_000;

const SHARED = { method: 'GET', tag: 'Operators', access: 'admin' } as const;

export function adminRoutes({ ledger, breakers }: AdminRouteDeps): Route[] {
  let checking: ReturnType<typeof ledger.verifyBooks> | undefined;
  /** The ledger does one at a time: whoever asks meanwhile gets the same answer. */
  const checkBooks = () =>
    (checking ??= ledger
      .verifyBooks({}, { timeoutMs: RECONCILIATION_TIMEOUT_MS })
      .finally(() => (checking = undefined)));

  return [
    route({
      ...SHARED,
      path: '/v1/admin/reconciliation',
      summary: 'Check the books as a whole',
      answers: { 200: { description: 'What was found', schema: reconciliationView } },
      async handle() {
        return { status: 200, body: await checkBooks() };
      },
    }),
    route({
      ...SHARED,
      path: '/v1/admin/breakers',
      summary: 'Circuit breakers of the banks',
      answers: { 200: { description: 'One per bank', schema: breakersView } },
      handle: () => ({ status: 200, body: { items: breakers.list() } }),
    }),
    route({
      ...SHARED,
      path: '/v1/admin/wallets',
      summary: 'Wallets of any user, newest first',
      query: anyWalletsQuery,
      answers: { 200: { description: 'A page', schema: pageOf(walletView) } },
      async handle({ query: { limit, ownerId, currency, cursor } }) {
        const page = await ledger.listWallets({
          limit,
          ...(ownerId === undefined ? {} : { ownerId }),
          ...(currency === undefined ? {} : { currency }),
          ...(cursor === undefined ? {} : { cursor }),
        });
        return { status: 200, body: page };
      },
    }),
  ];
}
