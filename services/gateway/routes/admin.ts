import {
  anyWalletsQuery,
  breakersView,
  pageOf,
  reconciliationView,
  walletView,
} from '@florin/contracts';
import type { Auditor } from '../adapters/auditor.ts';
import type { BankBreakers } from '../adapters/bank-breakers.ts';
import type { Ledger } from '../adapters/ledger.ts';
import { route, type Route } from '../rest/route.ts';

interface AdminRouteDeps {
  ledger: Pick<Ledger, 'verifyBooks' | 'listWallets'>;
  auditor: Pick<Auditor, 'listBreaks'>;
  breakers: Pick<BankBreakers, 'list'>;
}

/** All books are read for it. */
const RECONCILIATION_TIMEOUT_MS = 60_000;
/** The auditor has found what it found by the time it is asked. */
const AUDITOR_TIMEOUT_MS = 2_000;

const SHARED = { method: 'GET', tag: 'Operators', access: 'admin' } as const;

export function adminRoutes({ ledger, auditor, breakers }: AdminRouteDeps): Route[] {
  let checking: ReturnType<typeof ledger.verifyBooks> | undefined;
  /** The ledger does one at a time: whoever asks meanwhile gets the same answer. */
  const checkBooks = () =>
    (checking ??= ledger
      .verifyBooks({}, { timeoutMs: RECONCILIATION_TIMEOUT_MS })
      .finally(() => (checking = undefined)));

  /** The books can be checked without the auditor, too. */
  const checkEvents = () =>
    auditor
      .listBreaks({}, { timeoutMs: AUDITOR_TIMEOUT_MS })
      .catch(() => ({ lagSeconds: null, breaks: [] }));

  return [
    route({
      ...SHARED,
      path: '/v1/admin/reconciliation',
      summary: 'Check the books as a whole, by their rows and by their events',
      answers: { 200: { description: 'What was found', schema: reconciliationView } },
      async handle() {
        const [books, events] = await Promise.all([checkBooks(), checkEvents()]);
        const breaks = [...books.breaks, ...events.breaks];
        const { checkedAt } = books;
        const { lagSeconds: auditLagSeconds } = events;
        const ok = books.ok && breaks.length === 0;
        return { status: 200, body: { ok, checkedAt, breaks, auditLagSeconds } };
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
