import { PROBLEMS } from '@florin/contracts';
import { createHealth } from '@florin/runtime';
import { describe, expect, test } from 'vitest';
import { describeRoutes, templateOf } from '../rest/openapi.ts';
import { renderDocsPage } from '../rest/docs-page.ts';
import type { Route } from '../rest/route.ts';
import { createRoutes, type RouteDeps } from './table.ts';

/** Nothing is called here: only what the routes say about themselves matters. */
const routes = createRoutes({ health: createHealth() } as unknown as RouteDeps);
const api = describeRoutes(routes);

/** Characters of a schema: whoever reads the description, or a client's types, reads each again. */
const LARGE = 900;

/** The calls of the contract that exist by now. */
const CONTRACT = [
  'POST /v1/auth/register',
  'POST /v1/auth/login',
  'POST /v1/auth/refresh',
  'POST /v1/auth/logout',
  'POST /v1/auth/step-up',
  'POST /v1/auth/email/verify',
  'POST /v1/auth/email/resend',
  'POST /v1/auth/password/forgot',
  'POST /v1/auth/password/reset',
  'POST /v1/auth/2fa/setup',
  'POST /v1/auth/2fa/confirm',
  'POST /v1/auth/2fa/recovery-codes',
  'DELETE /v1/auth/2fa',
  'POST /oauth/token',
  'GET /oauth/authorize',
  'POST /oauth/authorize',
  'POST /oauth/introspect',
  'POST /oauth/revoke',
  'GET /.well-known/jwks.json',
  'GET /.well-known/oauth-authorization-server',
  'GET /v1/me',
  'PATCH /v1/me',
  'DELETE /v1/me',
  'POST /v1/me/password',
  'POST /v1/me/email',
  'GET /v1/me/sessions',
  'DELETE /v1/me/sessions/{id}',
  'GET /v1/me/api-keys',
  'POST /v1/me/api-keys',
  'DELETE /v1/me/api-keys/{id}',
  'GET /v1/me/consents',
  'POST /v1/me/consents',
  'GET /v1/me/export',
  'GET /v1/currencies',
  'GET /v1/rates',
  'POST /v1/quotes',
  'POST /v1/conversions',
  'GET /v1/admin/fx/positions',
  'GET /v1/admin/lanes',
  'GET /v1/admin/dead-letters',
  'POST /v1/admin/dead-letters/{id}/retry',
  'POST /v1/admin/dead-letters/{id}/discard',
  'GET /v1/admin/statements',
  'POST /v1/admin/statements',
  'POST /v1/admin/statements/fetch',
  'GET /v1/admin/statements/{id}',
  'GET /v1/admin/statements/{id}/entries',
  'GET /v1/admin/breaks',
  'GET /v1/admin/breaks/{id}',
  'POST /v1/admin/breaks/{id}/propose',
  'POST /v1/admin/breaks/{id}/approve',
  'POST /v1/admin/breaks/{id}/reject',
  'GET /v1/events',
  'POST /v1/balance-monitors',
  'GET /v1/balance-monitors',
  'GET /v1/balance-monitors/{id}',
  'PATCH /v1/balance-monitors/{id}',
  'DELETE /v1/balance-monitors/{id}',
  'POST /v1/bank-accounts/link-tokens',
  'POST /v1/bank-accounts',
  'GET /v1/bank-accounts',
  'GET /v1/bank-accounts/{id}',
  'DELETE /v1/bank-accounts/{id}',
  'POST /v1/bank-webhooks',
  'GET /v1/rewards',
  'GET /v1/rewards/offers',
  'GET /v1/rewards/referral',
  'POST /v1/rewards/referral',
  'GET /v1/admin/rewards',
  'GET /v1/admin/reward-rules',
  'GET /v1/admin/reward-rules/{id}',
  'POST /v1/admin/reward-rules',
  'PATCH /v1/admin/reward-rules/{id}',
  'GET /v1/admin/reward-funds',
  'POST /v1/admin/reward-funds',
  'POST /v1/webhooks',
  'GET /v1/webhooks',
  'PATCH /v1/webhooks/{id}',
  'DELETE /v1/webhooks/{id}',
  'POST /v1/webhooks/{id}/rotate',
  'POST /v1/webhooks/{id}/test',
  'GET /v1/webhooks/{id}/deliveries',
  'POST /v1/webhooks/{id}/deliveries/{deliveryId}/resend',
  'POST /v1/scheduled-transfers',
  'GET /v1/scheduled-transfers',
  'GET /v1/scheduled-transfers/{id}',
  'PATCH /v1/scheduled-transfers/{id}',
  'POST /v1/scheduled-transfers/{id}/pause',
  'POST /v1/scheduled-transfers/{id}/resume',
  'POST /v1/scheduled-transfers/{id}/cancel',
  'GET /v1/scheduled-transfers/{id}/occurrences',
  'POST /v1/bulk-files',
  'GET /v1/bulk-files',
  'GET /v1/bulk-files/{id}',
  'POST /v1/bulk-files/{id}/pause',
  'POST /v1/bulk-files/{id}/resume',
  'POST /v1/bulk-files/{id}/cancel',
  'GET /v1/bulk-files/{id}/result',
  'POST /v1/payment-requests',
  'GET /v1/payment-requests',
  'GET /v1/payment-requests/{id}',
  'POST /v1/payment-requests/{id}/accept',
  'POST /v1/payment-requests/{id}/decline',
  'POST /v1/payment-requests/{id}/cancel',
  'GET /v1/notifications',
  'POST /v1/notifications/read',
  'GET /v1/notifications/preferences',
  'PUT /v1/notifications/preferences',
  'GET /v1/admin/users',
  'GET /v1/admin/users/{id}',
  'PUT /v1/admin/users/{id}/roles',
  'POST /v1/kyc/documents',
  'GET /v1/kyc',
  'GET /v1/admin/kyc',
  'GET /v1/admin/kyc/{id}',
  'GET /v1/admin/kyc/{id}/file',
  'POST /v1/admin/kyc/{id}/decision',
  'GET /v1/admin/outbox',
  'POST /v1/admin/keys/signing/rotate',
  'GET /v1/admin/applications',
  'POST /v1/admin/applications',
  'DELETE /v1/admin/applications/{id}',
  'POST /v1/admin/keys/master/rewrap',
  'PUT /v1/admin/users/{id}/legal-hold',
  'POST /v1/wallets',
  'GET /v1/wallets',
  'GET /v1/wallets/{id}',
  'POST /v1/wallets/{id}/freeze',
  'POST /v1/wallets/{id}/unfreeze',
  'POST /v1/wallets/{id}/close',
  'GET /v1/wallets/{id}/entries',
  'GET /v1/wallets/{id}/statement',
  'POST /v1/deposits',
  'POST /v1/withdrawals',
  'POST /v1/transfers',
  'POST /v1/transactions/bulk',
  'POST /v1/splits',
  'GET /v1/splits/{id}',
  'GET /v1/fees',
  'GET /v1/admin/fees',
  'PUT /v1/admin/fees',
  'PUT /v1/admin/wallets/{id}/overdraft',
  'POST /v1/admin/adjustments',
  'GET /v1/admin/adjustments',
  'POST /v1/admin/adjustments/{id}/approve',
  'POST /v1/admin/adjustments/{id}/reject',
  'POST /v1/holds',
  'POST /v1/holds/{id}/capture',
  'POST /v1/holds/{id}/release',
  'POST /v1/transactions/{id}/reverse',
  'GET /v1/transactions/{id}',
  'GET /v1/transactions',
  'GET /v1/admin/reconciliation',
  'GET /v1/admin/audit',
  'POST /v1/admin/audit/verify',
  'GET /v1/admin/audit/proof/{id}',
  'GET /v1/admin/breakers',
  'GET /v1/admin/wallets',
  'GET /v1/admin/transactions',
  'GET /v1/admin/flags',
  'PUT /v1/admin/flags/fraud-scoring',
  'GET /v1/admin/reviews',
  'POST /v1/admin/reviews/{id}/approve',
  'POST /v1/admin/reviews/{id}/decline',
  'GET /v1/admin/decisions',
  'GET /v1/admin/decisions/{id}',
  'POST /v1/admin/transactions/{id}/report',
  'GET /v1/admin/models',
  'GET /livez',
  'GET /readyz',
  'GET /openapi.json',
  'GET /docs',
];

describe('hunts routes that are missing, doubled or left open', () => {
  const declared = routes.map(({ method, path }) => `${method} ${templateOf(path)}`);

  test('the table is the contract', () => {
    expect(declared.toSorted()).toEqual(CONTRACT.toSorted());
  });

  test('what is open to everybody is listed here', () => {
    const open = routes.filter(({ access }) => access === 'public').map(({ path }) => path);
    expect(open.toSorted()).toEqual([
      '/.well-known/jwks.json',
      '/.well-known/oauth-authorization-server',
      '/docs',
      '/livez',
      '/oauth/authorize',
      '/oauth/authorize',
      '/oauth/introspect',
      '/oauth/revoke',
      '/oauth/token',
      '/openapi.json',
      '/readyz',
      '/v1/auth/email/resend',
      '/v1/auth/email/verify',
      '/v1/auth/login',
      '/v1/auth/logout',
      '/v1/auth/password/forgot',
      '/v1/auth/password/reset',
      '/v1/auth/refresh',
      '/v1/auth/register',
      '/v1/bank-webhooks',
      '/v1/currencies',
    ]);
  });

  test('what operators do is closed to others', () => {
    const admin = routes.filter(({ path }) => path.startsWith('/v1/admin/'));
    expect(admin.map(({ access }) => access)).toEqual(admin.map(() => 'admin'));
  });

  const makesPayments = ({ method, path }: Route): boolean =>
    method === 'POST' && /\/(deposits|withdrawals|(scheduled-)?transfers|bulk|splits)$/.test(path);
  test.each(routes.filter(makesPayments))('$path asks for an Idempotency-Key', (payment) => {
    expect(payment).toMatchObject({ idempotencyKey: 'required', access: 'transactions:write' });
  });
});

describe('hunts a description that differs from what is served', () => {
  const text = JSON.stringify(api);

  test('every route is described once', () => {
    const described = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(CONTRACT.toSorted());
  });

  test('every reference leads somewhere', () => {
    const refs = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(refs.length).toBeGreaterThan(0);
    for (const [, name] of refs) expect(api.components.schemas).toHaveProperty(name ?? '');
    expect(text).not.toContain('$defs');
  });

  test('what is large has a name, and is written out once', () => {
    const seen = new Map<string, number>();
    JSON.stringify(api, (_, part: unknown) => {
      const isObject = typeof part === 'object' && part !== null && 'properties' in part;
      const written = isObject ? JSON.stringify(part) : '';
      if (written.length > LARGE) seen.set(written, (seen.get(written) ?? 0) + 1);
      return part;
    });
    expect([...seen].filter(([, times]) => times > 1).map(([written]) => written)).toEqual([]);
  });

  test('operation ids are unique', () => {
    const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(CONTRACT.length);
  });

  test('amounts come in as digits or numbers and go out as digits', () => {
    const transfer = api.paths['/v1/transfers']?.['post'];
    const body = transfer?.requestBody?.content['application/json']?.schema as {
      properties: { amount: unknown };
      additionalProperties: boolean;
    };
    expect(body.properties.amount).toMatchObject({ type: ['string', 'number'] });
    expect(body.additionalProperties).toBe(false);
    expect(api.components.schemas['Transaction']).toMatchObject({
      properties: { amount: { type: 'string' } },
    });
  });

  test('the bank account of a transaction is not promised to anybody', () => {
    expect(api.components.schemas['Transaction']).not.toMatchObject({
      properties: { bankAccount: {} },
    });
  });
});

describe('hunts a page that needs the network or leaves codes unexplained', () => {
  const page = renderDocsPage(api);

  test('it loads nothing', () => {
    expect(page).not.toMatch(/<script|<link|src=|@import|url\(|https?:/);
  });

  test.each(Object.keys(PROBLEMS))('it explains %s where problems point at', (code) => {
    expect(page).toContain(`id="${code}"`);
  });
});
