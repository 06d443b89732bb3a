import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SCOPES, type Role, type Scope } from '@florin/contracts';
import { asClientId, ok, refuse, systemClock } from '@florin/kernel';
import { createHealth, createLogger, createMetrics } from '@florin/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import type { Caller } from '../domain/caller.ts';
import { refusal } from '../domain/refusal.ts';
import { STAFF_ACCESS } from '../domain/staff-access.ts';
import { createApp } from '../rest/create-app.ts';
import { createFindTransferSides } from '../find-transfer-sides.ts';
import { createCounting } from '../rest/count-request.ts';
import { createRouteServer } from '../rest/serve-route.ts';
import { createRoutes, type RouteDeps } from './table.ts';

/** Whatever is asked for belongs to this person. */
const OWNER = '01890000-0000-7000-8000-000000000001';
const THING = '01890000-0000-7000-8000-0000000000aa';
const ELSEWHERE = '01890000-0000-7000-8000-0000000000bb';

const ALL: readonly Scope[] = SCOPES;
const OF_USERS = ALL.filter((scope) => scope !== 'admin');
const STAFF: readonly Scope[] = ['wallets:read', 'wallets:write', 'transactions:read', 'admin'];

const person = (id: string, roles: Role[], scopes: readonly Scope[]): Caller => ({
  id: asClientId(id),
  kind: 'user',
  roles: new Set(roles),
  scopes: new Set(scopes),
  session: { id: THING, provenAtMs: Date.now() },
});
const staff = (role: Role): Caller => person(`the-${role}`, [role], STAFF);
const machine = (scopes: readonly Scope[]): Caller => ({
  id: asClientId('a-machine'),
  kind: 'machine',
  roles: new Set(),
  scopes: new Set(scopes),
});

const CALLERS: Record<string, Caller | undefined> = {
  nobody: undefined,
  owner: person(OWNER, ['user'], OF_USERS),
  other: person('somebody-else', ['user'], OF_USERS),
  support: staff('support'),
  analyst: staff('risk-analyst'),
  operator: staff('operator'),
  admin: staff('admin'),
  auditor: staff('auditor'),
  machine: machine(OF_USERS),
  'm:admin': machine(ALL),
  'm:none': machine([]),
};
const COLUMNS = Object.keys(CALLERS);

/** Answers every question that a route asks of its neighbours, about things of the owner. */
const facts = {
  id: THING,
  ownerId: OWNER,
  currency: 'USD',
  walletId: THING,
  amount: '1',
  status: 'completed',
};
const answer = {
  ...facts,
  ok: true,
  user: { ...facts, roles: [], email: 'o@x.dev' },
  wallet: facts,
  wallets: [facts],
  transaction: facts,
  transactions: [facts],
  adjustment: facts,
  break: facts,
  statement: facts,
  statements: [],
  schedule: { version: 1, rules: [] },
  items: [],
  keys: [],
  nextCursor: null,
  tokens: {},
};
const answering: Record<string, unknown> = new Proxy(
  {},
  { get: (_, name) => (name === 'openForSeconds' ? () => undefined : async () => answer) },
);
/** Its neighbours that decide themselves whose things these are answer as the owner's, or not. */
const owned = {
  monitor: facts,
  webhook: facts,
  delivery: facts,
  page: answer,
  deleted: true,
  queued: true,
};
const unknown = {
  monitor: null,
  webhook: null,
  delivery: null,
  page: null,
  deleted: false,
  queued: false,
};
const notifications: Record<string, unknown> = new Proxy(
  {},
  {
    get:
      () =>
      async ({ ownerId }: { ownerId?: string }) => ({
        ...answer,
        ...(ownerId === OWNER ? owned : unknown),
      }),
  },
);
const payments: Record<string, unknown> = new Proxy(
  {},
  {
    get:
      () =>
      async (asked: { ownerId?: string | null; userId?: string | null; payerId?: string }) => {
        // Machine clients ask for everybody's.
        const whose = [asked.ownerId, asked.userId, asked.payerId];
        return whose.some((id) => id === OWNER || id === null)
          ? {
              ...answer,
              schedule: facts,
              request: facts,
              order: facts,
              file: facts,
              page: answer,
              text: null,
            }
          : { ...answer, schedule: null, request: null, order: null, file: null, page: null };
      },
  },
);
/** Linked accounts of the owner; nobody else has one. */
const banking: Record<string, unknown> = new Proxy(
  {},
  {
    get:
      () =>
      async ({ ownerId }: { ownerId?: string }) => ({
        ...answer,
        account: ownerId === OWNER ? facts : null,
        removed: ownerId === OWNER,
      }),
  },
);
const directory = {
  find: (id: string) => (id === ELSEWHERE ? { ...facts, ownerId: 'of-third' } : facts),
  read: async () => facts,
  learn: () => undefined,
};

/** What has several questions to answer. */
const NEIGHBOURS = [
  'ledger',
  'identity',
  'breakers',
  'fraud',
  'kyc',
  'kycFiles',
  'fees',
  'adjustments',
  'adjustWallet',
  'statements',
  'workBreak',
];

const routes = createRoutes(
  new Proxy(
    {},
    {
      get(_, name) {
        if (name === 'directory') return directory;
        if (name === 'notifications') return notifications;
        if (name === 'payments') return payments;
        if (name === 'banking') return banking;
        if (name === 'rewards') return answering;
        if (name === 'findTransferSides') {
          return createFindTransferSides({
            directory: directory as Pick<WalletDirectory, 'find'>,
            findRecipientWallet: async () => undefined,
          });
        }
        if (name === 'clock') return systemClock;
        if (name === 'health') return createHealth();
        if (name === 'issuer') return 'florin';
        if (name === 'protectWithdrawal') return async () => undefined;
        if (name === 'publicUrl') return () => 'http://florin.test';
        return NEIGHBOURS.includes(String(name)) ? answering : async () => answer;
      },
    },
  ) as unknown as RouteDeps,
);

let server: Server;
let url: string;
beforeAll(async () => {
  const log = createLogger('test', 'silent');
  const routeServer = createRouteServer({
    authenticate: async (authorization) => {
      const caller = CALLERS[authorization ?? 'nobody'];
      return caller ? ok(caller) : refuse(refusal('unauthenticated', 'who are you?'));
    },
    nameRequest: () => 'r',
    startCounting: createCounting({
      limits: { take: async () => undefined, giveBack: async () => undefined },
      trustedProxies: 0,
    }),
    corsOf: () => [],
    readContext: () => ok({}),
    readOrigin: () => ({}),
    log,
    metrics: createMetrics('test'),
    slowMs: 60_000,
    isStopping: () => false,
  });
  server = createServer(createApp(routes, routeServer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

/** Bodies that pass validation: whose things they name is looked at only then. */
const BODIES: Record<string, object> = {
  'POST /v1/transfers': { fromWalletId: THING, toWalletId: ELSEWHERE, amount: '1' },
  'POST /v1/splits': {
    fromWalletId: THING,
    amount: '1',
    recipients: [{ toWalletId: ELSEWHERE, amount: '1' }],
  },
  'PUT /v1/admin/fees': { basedOn: 0, rules: [] },
  'PUT /v1/admin/wallets/:id/overdraft': { limit: '0', reason: 'why not' },
  'POST /v1/admin/adjustments': {
    walletId: THING,
    direction: 'credit',
    amount: '1',
    reason: 'why not',
  },
  'POST /v1/scheduled-transfers': {
    fromWalletId: THING,
    toWalletId: ELSEWHERE,
    amount: '1',
    schedule: { frequency: 'once', startAt: '2090-01-01T09:00', timeZone: 'UTC' },
  },
  'PATCH /v1/scheduled-transfers/:id': { amount: '1' },
  'POST /v1/payment-requests': { fromEmail: 'o@x.dev', toWalletId: THING, amount: '1' },
  'POST /v1/payment-requests/:id/accept': { fromWalletId: THING },
  'POST /v1/deposits': { walletId: THING, amount: '1', bankAccount: 'ok' },
  'POST /v1/conversions': { quoteId: THING, fromWalletId: THING, toWalletId: THING },
  'POST /v1/holds': { walletId: THING, toWalletId: ELSEWHERE, amount: '1' },
  'POST /v1/withdrawals': { walletId: THING, amount: '1', bankAccount: 'ok' },
  'POST /v1/admin/kyc/:id/decision': { decision: 'reject', reason: 'blurred' },
  'PUT /v1/admin/users/:id/roles': { roles: ['user'] },
  'PATCH /v1/webhooks/:id': { status: 'disabled' },
  'POST /v1/balance-monitors': { walletId: THING, direction: 'below', threshold: '1' },
  'PATCH /v1/balance-monitors/:id': { threshold: '1' },
  'PATCH /v1/admin/reward-rules/:id': { status: 'paused' },
  'POST /v1/wallets': { currency: 'USD', ownerId: OWNER },
  'PUT /v1/admin/users/:id/legal-hold': { held: true },
  'PUT /v1/admin/flags/fraud-scoring': { variant: 'off' },
  'POST /v1/admin/transactions/:id/report': { label: 'fraud' },
  'POST /v1/admin/breaks/:id/propose': { action: 'explain', note: 'why not' },
};

/** 401, 403 or 404 as answered; anything else means that the call was let in. */
async function knock(caller: string, method: string, path: string): Promise<string> {
  const body = BODIES[`${method} ${path}`];
  const response = await fetch(url + path.replaceAll(/:\w+/g, THING), {
    method,
    headers: {
      ...(caller === 'nobody' ? {} : { authorization: caller }),
      'idempotency-key': 'k',
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(body ?? {}) }),
  });
  await response.arrayBuffer();
  return [401, 403, 404].includes(response.status) ? String(response.status) : 'in';
}

/** What is expected of each route, in the order of COLUMNS. */
//                nobody own oth sup ana ope adm aud mac m:a m:none
const OPEN = '    in  in  in  in  in  in  in  in  in  in  in ';
const PEOPLE = '  401 in  in  in  in  in  in  in  403 403 403';
const PAYS = '    401 in  404 403 403 403 403 403 in  in  403';
const ORDERS = '  401 in  in  403 403 403 403 403 in  in  403';
const REVERSES = '401 in  in  403 403 in  in  403 in  in  403';
const OPENS = '   401 in  403 403 403 in  in  403 in  in  403';
const LISTS = '   401 in  in  in  in  in  in  in  in  in  403';
const LOOKS = '   401 in  404 in  in  in  in  in  in  in  403';
const CHANGES = ' 401 in  404 404 in  in  in  404 in  in  403';
const STAFF_5 = ' 401 403 403 in  in  in  in  in  403 in  403';
const RISK_SEE = '401 403 403 403 in  in  in  in  403 in  403';
const RISK_DO = ' 401 403 403 403 in  in  in  403 403 in  403';
const SEES_OWN = '401 in  404 404 404 404 404 404 in  in  403';
const WATCHES = ' 401 in  404 404 404 404 404 404 404 404 403';
const PERSONAL = '401 in  404 404 404 404 404 404 403 403 403';
const HOOKS = '   401 in  in  403 403 403 403 403 in  in  403';
const HOOK = '    401 in  404 403 403 403 403 403 404 404 403';
const ADMINS = '  401 403 403 403 403 403 in  403 403 in  403';
const OPERATES = '401 403 403 403 403 in  in  403 403 in  403';
const CARE_SEE = '401 403 403 in  403 in  in  in  403 in  403';
const CARE_DO = ' 401 403 403 in  403 in  in  403 403 in  403';
const BOOKS = '   401 403 403 403 403 in  in  in  403 in  403';

/** Two people among the operators: a machine client could be both of them. */
const FOUR_EYES = '401 403 403 403 403 in in 403 403 403 403';

const EXPECTED: Record<string, string> = {
  'POST /v1/splits': PAYS,
  'GET /v1/splits/:id': LOOKS,
  'GET /v1/fees': LISTS,
  'GET /v1/admin/fees': CARE_SEE,
  'PUT /v1/admin/fees': ADMINS,
  'PUT /v1/admin/wallets/:id/overdraft': OPERATES,
  'POST /v1/admin/adjustments': FOUR_EYES,
  'GET /v1/admin/adjustments': BOOKS,
  'POST /v1/admin/adjustments/:id/approve': FOUR_EYES,
  'POST /v1/admin/adjustments/:id/reject': FOUR_EYES,
  'POST /v1/transfers': PAYS,
  'POST /v1/deposits': PAYS,
  'POST /v1/conversions': PAYS,
  'POST /v1/quotes': ORDERS,
  'GET /v1/rates': LISTS,
  'GET /v1/currencies': OPEN,
  'POST /v1/withdrawals': PAYS,
  'POST /v1/holds': PAYS,
  // Whose transaction it is decides what may follow from it: see order-follow-up.test.ts.
  'POST /v1/holds/:id/capture': ORDERS,
  'POST /v1/holds/:id/release': ORDERS,
  'POST /v1/transactions/:id/reverse': REVERSES,
  // Each item is looked at by itself: one of somebody else's wallets is a 404 among the results.
  'POST /v1/transactions/bulk': '401 in in 403 403 403 403 403 in in 403',
  'GET /v1/wallets/:id': LOOKS,
  'GET /v1/wallets': LISTS,
  'POST /v1/wallets': OPENS,
  'POST /v1/wallets/:id/freeze': CHANGES,
  'POST /v1/wallets/:id/unfreeze': CHANGES,
  'POST /v1/wallets/:id/close': CHANGES,
  'GET /v1/transactions': LISTS,
  'GET /v1/transactions/:id': LOOKS,
  'POST /v1/scheduled-transfers': PAYS,
  'GET /v1/scheduled-transfers': LISTS,
  'GET /v1/scheduled-transfers/:id': SEES_OWN,
  'PATCH /v1/scheduled-transfers/:id': PAYS,
  'POST /v1/scheduled-transfers/:id/pause': PAYS,
  'POST /v1/scheduled-transfers/:id/resume': PAYS,
  'POST /v1/scheduled-transfers/:id/cancel': PAYS,
  'GET /v1/scheduled-transfers/:id/occurrences': SEES_OWN,
  // What it sends is looked at line by line: here it sends none that could be read.
  'POST /v1/bulk-files': ORDERS,
  'GET /v1/bulk-files': LISTS,
  'GET /v1/bulk-files/:id': SEES_OWN,
  'POST /v1/bulk-files/:id/pause': PAYS,
  'POST /v1/bulk-files/:id/resume': PAYS,
  'POST /v1/bulk-files/:id/cancel': PAYS,
  'GET /v1/bulk-files/:id/result': SEES_OWN,
  'POST /v1/payment-requests': PAYS,
  'GET /v1/payment-requests': LISTS,
  'GET /v1/payment-requests/:id': SEES_OWN,
  'POST /v1/payment-requests/:id/accept': PAYS,
  'POST /v1/payment-requests/:id/decline': PAYS,
  'POST /v1/payment-requests/:id/cancel': PAYS,
  'GET /v1/events': LISTS,
  'GET /v1/wallets/:id/entries': LOOKS,
  'GET /v1/wallets/:id/statement': LOOKS,
  'POST /v1/auth/register': OPEN,
  'POST /v1/auth/login': OPEN,
  'POST /v1/auth/refresh': OPEN,
  'POST /v1/auth/logout': OPEN,
  'POST /v1/auth/email/verify': OPEN,
  'POST /v1/auth/email/resend': OPEN,
  'POST /v1/auth/password/forgot': OPEN,
  'POST /v1/auth/password/reset': OPEN,
  'POST /v1/auth/step-up': PEOPLE,
  'POST /v1/auth/2fa/setup': PEOPLE,
  'POST /v1/auth/2fa/confirm': PEOPLE,
  'POST /v1/auth/2fa/recovery-codes': PEOPLE,
  'DELETE /v1/auth/2fa': PEOPLE,
  'GET /v1/me': PEOPLE,
  'PATCH /v1/me': PEOPLE,
  'DELETE /v1/me': PEOPLE,
  'POST /v1/me/password': PEOPLE,
  'POST /v1/me/email': PEOPLE,
  'GET /v1/me/sessions': PEOPLE,
  'DELETE /v1/me/sessions/:id': PEOPLE,
  'GET /v1/me/api-keys': PEOPLE,
  'POST /v1/me/api-keys': PEOPLE,
  'DELETE /v1/me/api-keys/:id': PEOPLE,
  'GET /v1/me/consents': PEOPLE,
  'POST /v1/me/consents': PEOPLE,
  'GET /v1/me/export': PEOPLE,
  'POST /oauth/token': OPEN,
  'GET /oauth/authorize': OPEN,
  'POST /oauth/authorize': OPEN,
  'POST /oauth/introspect': OPEN,
  'POST /oauth/revoke': OPEN,
  'GET /.well-known/jwks.json': OPEN,
  'GET /.well-known/oauth-authorization-server': OPEN,
  'POST /v1/webhooks': HOOKS,
  'GET /v1/webhooks': HOOKS,
  'PATCH /v1/webhooks/:id': HOOK,
  'DELETE /v1/webhooks/:id': HOOK,
  'POST /v1/webhooks/:id/rotate': HOOK,
  'POST /v1/webhooks/:id/test': HOOK,
  'GET /v1/webhooks/:id/deliveries': HOOK,
  'POST /v1/webhooks/:id/deliveries/:deliveryId/resend': HOOK,
  'POST /v1/balance-monitors': SEES_OWN,
  'GET /v1/balance-monitors': LISTS,
  'GET /v1/balance-monitors/:id': WATCHES,
  'PATCH /v1/balance-monitors/:id': WATCHES,
  'DELETE /v1/balance-monitors/:id': WATCHES,
  'POST /v1/bank-accounts/link-tokens': PEOPLE,
  'POST /v1/bank-accounts': PEOPLE,
  'GET /v1/bank-accounts': PEOPLE,
  'GET /v1/bank-accounts/:id': PERSONAL,
  'DELETE /v1/bank-accounts/:id': PERSONAL,
  // Who may is said by the signature.
  'POST /v1/bank-webhooks': OPEN,
  'GET /v1/rewards': PEOPLE,
  'GET /v1/rewards/offers': PEOPLE,
  'GET /v1/rewards/referral': PEOPLE,
  'POST /v1/rewards/referral': PEOPLE,
  'GET /v1/admin/rewards': BOOKS,
  'GET /v1/admin/reward-rules': BOOKS,
  'GET /v1/admin/reward-rules/:id': BOOKS,
  'POST /v1/admin/reward-rules': ADMINS,
  'PATCH /v1/admin/reward-rules/:id': ADMINS,
  'GET /v1/admin/reward-funds': BOOKS,
  'POST /v1/admin/reward-funds': ADMINS,
  'GET /v1/notifications': PEOPLE,
  'POST /v1/notifications/read': PEOPLE,
  'GET /v1/notifications/preferences': PEOPLE,
  'PUT /v1/notifications/preferences': PEOPLE,
  'POST /v1/kyc/documents': PEOPLE,
  'GET /v1/kyc': PEOPLE,
  'GET /v1/admin/kyc': CARE_SEE,
  'GET /v1/admin/kyc/:id': CARE_SEE,
  'GET /v1/admin/kyc/:id/file': CARE_DO,
  'POST /v1/admin/kyc/:id/decision': CARE_DO,
  'GET /v1/admin/outbox': OPERATES,
  'POST /v1/admin/keys/signing/rotate': ADMINS,
  'GET /v1/admin/applications': BOOKS,
  'POST /v1/admin/applications': ADMINS,
  'DELETE /v1/admin/applications/:id': ADMINS,
  'POST /v1/admin/keys/master/rewrap': ADMINS,
  'PUT /v1/admin/users/:id/legal-hold': OPERATES,
  'GET /v1/admin/reconciliation': BOOKS,
  'GET /v1/admin/audit': BOOKS,
  'GET /v1/admin/fx/positions': BOOKS,
  'GET /v1/admin/lanes': STAFF_5,
  'GET /v1/admin/dead-letters': BOOKS,
  'POST /v1/admin/dead-letters/:id/retry': OPERATES,
  'POST /v1/admin/dead-letters/:id/discard': OPERATES,
  'GET /v1/admin/statements': BOOKS,
  'POST /v1/admin/statements': OPERATES,
  'POST /v1/admin/statements/fetch': OPERATES,
  'GET /v1/admin/statements/:id': BOOKS,
  'GET /v1/admin/statements/:id/entries': BOOKS,
  'GET /v1/admin/breaks': BOOKS,
  'GET /v1/admin/breaks/:id': BOOKS,
  'POST /v1/admin/breaks/:id/propose': FOUR_EYES,
  'POST /v1/admin/breaks/:id/approve': FOUR_EYES,
  'POST /v1/admin/breaks/:id/reject': FOUR_EYES,
  'POST /v1/admin/audit/verify': BOOKS,
  'GET /v1/admin/audit/proof/:id': BOOKS,
  'GET /v1/admin/users': STAFF_5,
  'GET /v1/admin/users/:id': STAFF_5,
  'PUT /v1/admin/users/:id/roles': ADMINS,
  'GET /v1/admin/breakers': STAFF_5,
  'GET /v1/admin/wallets': STAFF_5,
  'GET /v1/admin/transactions': STAFF_5,
  'GET /v1/admin/flags': RISK_SEE,
  'PUT /v1/admin/flags/fraud-scoring': RISK_DO,
  'GET /v1/admin/reviews': RISK_SEE,
  'POST /v1/admin/reviews/:id/approve': RISK_DO,
  'POST /v1/admin/reviews/:id/decline': RISK_DO,
  'GET /v1/admin/decisions': RISK_SEE,
  'GET /v1/admin/decisions/:id': RISK_SEE,
  'POST /v1/admin/transactions/:id/report': RISK_DO,
  'GET /v1/admin/models': RISK_SEE,
  'GET /livez': OPEN,
  'GET /readyz': OPEN,
  'GET /openapi.json': OPEN,
  'GET /docs': OPEN,
};

const cellsOf = (line: string): string[] => line.trim().split(/ +/);

const A_THOUSAND_REQUESTS = { timeout: 240_000 };

test(
  'hunts a route that lets in somebody it should not: every route × every caller',
  A_THOUSAND_REQUESTS,
  async () => {
    const said: Record<string, string[]> = {};
    for (const { method, path } of routes) {
      const cells = await Promise.all(COLUMNS.map((caller) => knock(caller, method, path)));
      said[`${method} ${path}`] = cells;
    }
    const lines = Object.entries(said).map(
      ([route, cells]) =>
        route.padEnd(54) +
        cells.map((cell, at) => cell.padEnd(COLUMNS[at]?.length ?? 0)).join('  '),
    );
    console.log([' '.repeat(54) + COLUMNS.join('  '), ...lines].join('\n'));
    const expected = Object.entries(EXPECTED).map(([route, line]) => [route, cellsOf(line)]);
    expect(said).toEqual(Object.fromEntries(expected));
  },
);

test('hunts a line of the staff’s table that stands for no route', () => {
  const declared = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  const missing = Object.keys(STAFF_ACCESS).filter((route) => !declared.has(route));
  expect(missing).toEqual([]);
});
