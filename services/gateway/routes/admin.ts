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
import type { Statements } from '../adapters/statements.ts';
import { route, type Route } from '../rest/route.ts';

interface AdminRouteDeps {
  ledger: Pick<Ledger, 'verifyBooks' | 'listWallets'>;
  auditor: Pick<Auditor, 'listBreaks'>;
  statements: Pick<Statements, 'reconcileBanks'>;
  breakers: Pick<BankBreakers, 'list'>;
}

/** All books are read for it. */
const RECONCILIATION_TIMEOUT_MS = 60_000;
/** The auditor and banking have found what they found by the time they are asked. */
const NEIGHBOUR_TIMEOUT_MS = 2_000;

const SHARED = { method: 'GET', tag: 'Operators', access: 'admin' } as const;

export function adminRoutes(deps: AdminRouteDeps): Route[] {
  const { ledger, auditor, statements, breakers } = deps;
  let checking: ReturnType<typeof ledger.verifyBooks> | undefined;
  /** The ledger does one at a time: whoever asks meanwhile gets the same answer. */
  const checkBooks = () =>
    (checking ??= ledger
      .verifyBooks({}, { timeoutMs: RECONCILIATION_TIMEOUT_MS })
      .finally(() => (checking = undefined)));

  /** The books can be checked without the auditor, too. */
  const checkEvents = () =>
    auditor
      .listBreaks({}, { timeoutMs: NEIGHBOUR_TIMEOUT_MS })
      .catch(() => ({ lagSeconds: null, breaks: [] }));

  const checkBanks = () =>
    statements
      .reconcileBanks({}, { timeoutMs: NEIGHBOUR_TIMEOUT_MS })
      .then(({ accounts }) => accounts)
      .catch(() => null);

  return [
    route({
      ...SHARED,
      path: '/v1/admin/reconciliation',
      summary: 'Check the books as a whole: their rows, their events, and beside the banks’',
      description:
        '`ok` is about the books themselves. What banks tell otherwise stands in `banks`, and ' +
        'is worked as breaks.',
      answers: { 200: { description: 'What was found', schema: reconciliationView } },
      async handle() {
        const [books, events, banks] = await Promise.all([
          checkBooks(),
          checkEvents(),
          checkBanks(),
        ]);
        const breaks = [...books.breaks, ...events.breaks];
        const { checkedAt } = books;
        const { lagSeconds: auditLagSeconds } = events;
        const ok = books.ok && breaks.length === 0;
        return { status: 200, body: { ok, checkedAt, breaks, auditLagSeconds, banks } };
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
